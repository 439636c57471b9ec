// What witnesses put on record beside figures, as one line of text each.
import type { Account, AccountView } from "../../shared/generated/console";
import { t } from "../text/t";

/** Whether a coordinator should look at it: an incident, or a witness who was kept out. */
export function isAlarming(account: Account): boolean {
  return account.kind === "incident" || (account.kind === "attendance" && account.event === "not_admitted");
}

/** What happened, in a line. */
export function headline({ witness, account }: Pick<AccountView, "witness" | "account">): string {
  switch (account.kind) {
    case "attendance":
      return t(`report.attendance.${account.event}`, { witness });
    case "incident":
      return t("report.incident", { witness, category: t(`incident.${account.category}`) });
    case "drill":
      return t("report.drill", {
        witness,
        sheet: account.sheet,
        wrong: account.wrong,
        fields: account.fields,
        noticed: account.faults_noticed,
        faults: account.faults,
      });
  }
}
