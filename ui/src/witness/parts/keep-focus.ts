// Buttons beside the field that is being typed in.

/** A press within `area` does not move the focus out of the field. */
export function keepFocus(area: HTMLElement): () => void {
  const keep = (event: Event): void => event.preventDefault();
  area.addEventListener("mousedown", keep);
  return () => area.removeEventListener("mousedown", keep);
}
