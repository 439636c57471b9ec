// What every part of the console may reach: the endpoint, and who is logged in.
import { createContext } from "svelte";
import type { Client } from "../api/client";
import type { Signer } from "../signing/signer.svelte";
import type { Session } from "./session.svelte";

export interface Console {
  readonly client: Client;
  readonly session: Session;
  readonly signer: Signer;
}

/** Inside the components of a console: what they share. */
export const [useConsole, provideConsole] = createContext<Console>();
