// Starts the console in the page.
import { mount } from "svelte";
import "../shared/style/tokens.css";
import "../shared/style/base.css";
import "./style/console.css";
import App from "./App.svelte";
import { Client } from "./api/client";
import { Session } from "./state/session.svelte";
import { rememberedLanguage } from "./state/preference";
import { setLanguage } from "../shared/text/language.svelte";

const target = document.getElementById("app");
if (target !== null) {
  setLanguage(rememberedLanguage());
  const client = new Client((address, init) => fetch(address, init));
  mount(App, { target, props: { client, session: new Session(client) } });
}
