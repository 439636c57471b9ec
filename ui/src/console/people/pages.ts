// The pages about the witnesses of a region that a user may see, as tabs.
import type { Permissions, RegionCode } from "../../shared/generated/console";
import { readinessOf } from "../drill/route";
import { addressOf } from "../route";
import { allAttendance, everybody } from "./route";

export type PeoplePage = "people" | "staffing" | "readiness" | "invitations" | "attendance" | "messages";

interface Page {
  readonly page: PeoplePage;
  readonly address: string;
}

export function peoplePages(may: Permissions, region: RegionCode | null): readonly Page[] {
  const pages: (Page & { readonly shown: boolean })[] = [
    { page: "people", address: addressOf(everybody(region)), shown: may.see_people },
    {
      page: "staffing",
      address: addressOf({ screen: "staffing", region, lack: null }),
      shown: may.see_people,
    },
    { page: "readiness", address: addressOf(readinessOf(region)), shown: may.see_people },
    {
      page: "invitations",
      address: addressOf({ screen: "invitations", region, use: null, search: "" }),
      shown: may.invite,
    },
    { page: "attendance", address: addressOf(allAttendance(region)), shown: true },
    { page: "messages", address: addressOf({ screen: "messages", region, message: null }), shown: true },
  ];
  return pages.filter(({ shown }) => shown);
}
