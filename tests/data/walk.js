// Looks for texts that cannot be read whole, and for what hinders a screen reader. It runs in a page that
// holds the screens in a frame, so that one command measures a screen in all widths.

/** The screen in the frame. */
function shown() {
  return document.querySelector("iframe").contentWindow;
}

/** Opens an address in a new frame, so that nothing of the screen before is taken for the new one. */
function open(address) {
  const frame = document.createElement("iframe");
  frame.src = address;
  document.querySelector("iframe").replaceWith(frame);
}

/** Whether the screen in the frame is there with everything on it. */
function isReady() {
  const page = shown().document;
  return (
    page.readyState === "complete" &&
    page.querySelector("[data-screen]") !== null &&
    page.querySelector("[aria-busy=true], [data-screen=opening]") === null
  );
}

/** Clicks the first visible element that `css` selects; false when there is none yet. */
function click(css) {
  const element = [...shown().document.querySelectorAll(css)].find((each) => each.checkVisibility());
  if (element === undefined || element.disabled) return false;
  element.click();
  return true;
}

/** Types into the field that `css` selects; false when there is none yet. */
function type(css, text) {
  const field = shown().document.querySelector(css);
  if (field === null) return false;
  field.value = text;
  field.dispatchEvent(new (shown().Event)("input", { bubbles: true }));
  return true;
}

/** The places on the screen where a text cannot be read whole, with the widths in which that is so. */
async function measure(widths) {
  const frame = document.querySelector("iframe");
  shown()
    .document.querySelectorAll("details")
    .forEach((each) => (each.open = true));
  const found = {};
  for (const width of widths) {
    frame.style.width = `${width}px`;
    await painted();
    for (const place of cutTexts(shown())) (found[place] ??= []).push(width);
  }
  return found;
}

/** Resolves when what changed was laid out and the screen has heard of it. */
function painted() {
  return new Promise((done) => shown().requestAnimationFrame(() => shown().requestAnimationFrame(done)));
}

/** What is tapped on the screen and smaller than a finger: less than 48 px high, or than 44 px wide, as the steps of a
    paper are where seven of them share a phone's width. A link within a sentence is as high as its line. */
async function smallTargets(width) {
  document.querySelector("iframe").style.width = `${width}px`;
  await painted();
  const page = shown().document;
  const tapped = "button, a[href], input, select, textarea, summary, [role=button], [role=tab], label:has(input)";
  const found = {};
  for (const element of page.querySelectorAll(tapped)) {
    const { width: across, height } = element.getBoundingClientRect();
    const isSeen = element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    // Whoever taps a field's label has tapped the field.
    const isInLabel = element.tagName !== "LABEL" && element.closest("label") !== null;
    const isInSentence = shown().getComputedStyle(element).display === "inline";
    if (!isSeen || isInLabel || isInSentence || across === 0 || height === 0) continue;
    if (height < 47.5 || across < 43.5) {
      const what = `${element.tagName.toLowerCase()}.${element.className}: ${element.textContent.trim().slice(0, 40)}`;
      (found[what] ??= []).push(`${Math.round(across)} x ${Math.round(height)}`);
    }
  }
  return found;
}

/** What axe-core finds wrong on the screen, with the themes in which it is wrong. */
async function violations(width) {
  const frame = document.querySelector("iframe");
  const page = shown().document;
  frame.style.width = `${width}px`;
  await painted();
  // As high as the page, so that nothing lies below what sticks to the window's foot.
  frame.style.height = `${page.documentElement.scrollHeight}px`;
  await new Promise((done, failed) => {
    const script = page.createElement("script");
    Object.assign(script, { src: "/axe.js", onload: done, onerror: failed });
    page.head.append(script);
  });
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const found = {};
  for (const theme of ["light", "dark"]) {
    page.documentElement.dataset.theme = theme;
    await painted();
    // The theme fades in. Endless animations are not waited for.
    const isEndless = (each) => each.effect.getComputedTiming().iterations === Infinity;
    const ending = page.getAnimations().filter((each) => !isEndless(each));
    await Promise.allSettled(ending.map((each) => each.finished));
    const { violations, passes } = await shown().axe.run(page, { runOnly: tags });
    if (passes.length < 10) (found["axe found next to nothing to look at"] ??= []).push(theme);
    for (const { id, help, nodes } of violations) {
      for (const { target, failureSummary } of nodes) {
        (found[`${id}, ${help}: ${target.join(" ")}: ${failureSummary}`] ??= []).push(theme);
      }
    }
  }
  return found;
}

/** Finds texts in other letters than they are written, texts that a box hides, texts beside the page, broken
    words, texts that lie over another, and choices and hints that do not fit their field. What can be
    scrolled to is not cut. */
function cutTexts(view) {
  const page = view.document;
  const found = [];
  const styleOf = (element) => view.getComputedStyle(element);
  const name = (element) =>
    element.tagName.toLowerCase() +
    [...element.classList]
      .filter((each) => !each.startsWith("svelte-"))
      .map((each) => "." + each)
      .join("");
  const report = (how, element, text) => {
    const path = [element.parentElement?.parentElement, element.parentElement, element].filter(Boolean);
    found.push(`${how}: ${text.trim().slice(0, 60)} (${path.map(name).join(" > ")})`);
  };
  const isVisible = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const width = page.documentElement.clientWidth;
  // A width is rounded.
  if (page.documentElement.scrollWidth > width + 1) {
    report("the page is too wide", page.body, String(page.documentElement.scrollWidth));
  }
  // A line's box is higher than its letters, by so much more as the letters are larger.
  const letters = parseFloat(styleOf(page.documentElement).fontSize) / 16;
  const lineBoxes = [];
  // What scrolls or sticks may lie over the rest.
  const layerOf = (element) => {
    for (let box = element; box !== null; box = box.parentElement) {
      const style = styleOf(box);
      if (/fixed|sticky/.test(style.position) || /auto|scroll/.test(style.overflowX + style.overflowY))
        return box;
    }
    return null;
  };
  const hides = (overflow) => overflow === "hidden" || overflow === "clip";
  const scrolls = (overflow) => overflow === "auto" || overflow === "scroll";
  const texts = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
    const element = text.parentElement;
    if (text.data.trim() === "" || !isVisible(element) || element.closest(".sr, svg, option") !== null)
      continue;
    const range = page.createRange();
    range.selectNodeContents(text);
    const lines = [...range.getClientRects()].filter((line) => line.width > 0 && line.height > 0);
    if (lines.length === 0) continue;
    const layer = layerOf(element);
    lines.forEach((line) => lineBoxes.push({ element, layer, line, text: text.data }));
    // Names, passwords and hashes are copied letter by letter.
    if (element.closest("td, pre, .mono") !== null && styleOf(element).textTransform !== "none") {
      report("other letters than written", element, text.data);
    }
    // A word of usual length is not broken; a hash or a long name without spaces may be.
    for (const word of text.data.matchAll(/(?<!\S)[^\s\/-]{2,14}(?!\S)/gu)) {
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const parts = [...range.getClientRects()].filter((part) => part.width > 0);
      // In large type on a phone some words are longer than the screen's own width less its margins.
      if (parts.reduce((sum, part) => sum + part.width, 0) > 0.7 * width) continue;
      if (new Set(parts.map((part) => Math.round(part.top))).size > 1)
        report("broken word", element, word[0]);
    }
    const [left, right] = [
      Math.min(...lines.map((each) => each.left)),
      Math.max(...lines.map((each) => each.right)),
    ];
    const [top, bottom] = [
      Math.min(...lines.map((each) => each.top)),
      Math.max(...lines.map((each) => each.bottom)),
    ];
    let [scrollsX, scrollsY, isCut] = [false, false, false];
    for (
      let box = element;
      box !== null && box !== page.documentElement && !isCut;
      box = box.parentElement
    ) {
      const [style, edge] = [styleOf(box), box.getBoundingClientRect()];
      const cutX = !scrollsX && hides(style.overflowX) && (right > edge.right + 1 || left < edge.left - 1);
      const cutY =
        !scrollsY &&
        hides(style.overflowY) &&
        (bottom > edge.bottom + 3 * letters || top < edge.top - 3 * letters);
      isCut = cutX || cutY;
      scrollsX ||= scrolls(style.overflowX);
      scrollsY ||= scrolls(style.overflowY);
    }
    if (isCut) report("cut", element, text.data);
    else if (!scrollsX && (right > width + 1 || left < -1)) report("beside the page", element, text.data);
  }
  lineBoxes.forEach((one, index) => {
    for (const other of lineBoxes.slice(index + 1)) {
      if (one.element === other.element || one.layer !== other.layer) continue;
      const across = Math.min(one.line.right, other.line.right) - Math.max(one.line.left, other.line.left);
      const down = Math.min(one.line.bottom, other.line.bottom) - Math.max(one.line.top, other.line.top);
      if (across > 2 && down > 6 * letters) report(`over ${other.text.trim()}`, one.element, one.text);
    }
  });
  // What a field draws itself is in no line box: it is laid out once more, outside the field.
  const fits = (field, text, wraps) => {
    const style = styleOf(field);
    const sides = (one, other) => parseFloat(style[one]) + parseFloat(style[other]);
    const room = field.clientWidth - sides("paddingLeft", "paddingRight");
    const probe = page.createElement("span");
    probe.textContent = text;
    probe.style.cssText = "position:absolute;visibility:hidden;overflow-wrap:normal";
    for (const each of ["fontFamily", "fontSize", "fontWeight", "lineHeight", "letterSpacing"]) {
      probe.style[each] = style[each];
    }
    Object.assign(probe.style, wraps ? { width: `${room}px` } : { whiteSpace: "nowrap" });
    page.body.append(probe);
    const [across, down] = [probe.scrollWidth, probe.scrollHeight];
    probe.remove();
    const height = field.clientHeight - sides("paddingTop", "paddingBottom");
    return across <= room + 1 && (!wraps || field.tagName === "SELECT" || down <= height + 3 * letters);
  };
  for (const select of [...page.querySelectorAll("select")].filter(isVisible)) {
    const wraps = styleOf(select).appearance === "none" && styleOf(select).whiteSpace !== "nowrap";
    for (const { text } of select.options) if (!fits(select, text, wraps)) report("choice", select, text);
  }
  for (const field of [...page.querySelectorAll("input[placeholder], textarea[placeholder]")].filter(
    isVisible,
  )) {
    if (view.getComputedStyle(field, "::placeholder").opacity === "0") continue;
    if (!fits(field, field.placeholder, field.tagName === "TEXTAREA"))
      report("hint", field, field.placeholder);
  }
  return found;
}
