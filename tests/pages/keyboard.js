// What Tab should stop at, in order; and whether what has the focus shows it.
{
  const seen = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
  const others = (radio) => [...document.getElementsByName(radio.name)].filter((other) => other.form === radio.form);
  // Of radio buttons that belong together Tab stops at the chosen one, or at the first.
  const passed = (element) => element.type === "radio" &&
    element !== (others(element).find((other) => other.checked) ?? others(element)[0]);

  window.tabStops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex], [contenteditable=true]")]
    .filter((element) => element.tabIndex >= 0 && !element.matches(":disabled, [type=hidden]") && seen(element) && !passed(element));

  const main = document.querySelector("main");
  window.isBehindMain = (stop) => main.contains(stop) || Boolean(main.compareDocumentPosition(stop) & Node.DOCUMENT_POSITION_FOLLOWING);

  // What is wrong with how the focus is shown; empty if nothing is.
  window.lostFocus = async () => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const shown = (element) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 1) || boxShadow !== "none";
    };
    const { top, bottom, left, right } = document.activeElement.getBoundingClientRect();
    if (bottom <= 0 || right <= 0 || top >= innerHeight || left >= innerWidth)
      return `outside of the window: ${[left, top, right, bottom].map(Math.round)}`;
    // A link in a drawing draws its own frame.
    const frame = document.activeElement.querySelector(":scope > rect");
    if (frame && getComputedStyle(frame).stroke !== "none") return "";
    let element = document.activeElement;
    for (let level = 0; element && level < 4; level++, element = element.parentElement) if (shown(element)) return "";
    return `no outline and no shadow: ${document.activeElement.outerHTML.slice(0, 200)}`;
  };
}
