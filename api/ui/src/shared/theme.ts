/** The colours of tokens.css as they are now: light or dark, as the reader has it. */

const probe = document.createElement("span");
probe.hidden = true;

/** A colour of the palette by its name in tokens.css, without the dashes, as `rgb(r, g, b)`. */
export function colour(name: string): string {
  if (!probe.isConnected) document.body.append(probe);
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}

/** Call back when the palette may have turned: the system's setting, or the choice on this site. */
export function onThemeChange(listener: () => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", listener);
  new MutationObserver(listener).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}
