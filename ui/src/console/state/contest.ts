// Which contest a screen is about.
import type { ContestId, ContestView, SessionView } from "../../shared/generated/console";

/** The contest that the address asks for, and the first one when it asks for none or for one that is not there. */
export function chosenContest(view: SessionView, asked: ContestId | null): ContestView {
  const chosen = view.contests.find(({ contest }) => contest === asked) ?? view.contests[0];
  const none = { id: "", en: "" };
  return chosen ?? { contest: asked ?? "", title: none, short_title: none };
}
