// Commands that change what the whole app shows: what was typed is on disk before, and the view is read after.
import type { AppView } from "../../shared/generated/witness";
import { app } from "../app.svelte";
import type { Route } from "../route";
import { router } from "../router.svelte";
import { forgetOpenTallies, saveOpenTallies } from "../tally.svelte";

/** Runs a command of a drill, and goes where it leads. */
export async function change(command: () => Promise<AppView>, to: Route): Promise<void> {
  await saveOpenTallies();
  const view = await command();
  forgetOpenTallies();
  app.show(view);
  router.replace(to);
}
