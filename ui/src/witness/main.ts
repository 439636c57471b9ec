// Starts the witness app.
import { mount } from "svelte";
import "../shared/style/tokens.css";
import "../shared/style/base.css";
import "./style/shell.css";
import "./style/join.css";
import "./style/home.css";
import "./style/entry.css";
import "./style/party.css";
import "./style/check.css";
import "./style/photos.css";
import "./style/proof.css";
import "./style/drill.css";
import App from "./App.svelte";

const target = document.getElementById("app");
if (target !== null) {
  // What the page says where this program does not run.
  target.textContent = "";
  mount(App, { target });
}
