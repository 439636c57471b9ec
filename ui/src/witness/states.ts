// How each state looks: its colour class and its icon. The word comes from the dictionary.
import type { IconName } from "../shared/icons";
import type { LifeState } from "../shared/generated/witness";

/** Colour and icon of a state. */
export interface Look {
  readonly tone: string;
  readonly icon: IconName;
}

/** The states of a tally: the mark fills up as it gets surer. */
export const looks: Readonly<Record<LifeState, Look>> = {
  draft: { tone: "is-draft", icon: "pencil" },
  sealed: { tone: "is-sealed", icon: "seal" },
  accepted: { tone: "is-accepted", icon: "inbox" },
  receipted: { tone: "is-receipted", icon: "receipt" },
  verified: { tone: "is-verified", icon: "verified" },
  disputed: { tone: "is-disputed", icon: "flag" },
  refused: { tone: "is-fault", icon: "ban" },
};
