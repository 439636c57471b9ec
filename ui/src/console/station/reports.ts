// What witnesses put on record beside figures, as one line of text each.
import type { WitnessReport, ReportView } from "../../shared/generated/console";
import { t } from "../text/t";

/** Whether a coordinator should look at it: an incident, or a witness who was kept out. */
export function isAlarming(report: WitnessReport): boolean {
  return report.kind === "incident" || (report.kind === "attendance" && report.event === "not_admitted");
}

/** What happened, in a line. */
export function headline({ witness, report }: Pick<ReportView, "witness" | "report">): string {
  switch (report.kind) {
    case "attendance":
      return t(`report.attendance.${report.event}`, { witness });
    case "incident":
      return t("report.incident", { witness, category: t(`incident.${report.category}`) });
    case "drill":
      return t("report.drill", {
        witness,
        sheet: report.sheet,
        wrong: report.wrong,
        fields: report.fields,
        noticed: report.faults_noticed,
        faults: report.faults,
      });
  }
}
