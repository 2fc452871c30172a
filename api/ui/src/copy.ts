/** Buttons that copy what a field holds: `data-copy` is the id of the field. They are hidden where no script runs. */

for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
  const field = document.getElementById(button.dataset["copy"] ?? "");
  if (!(field instanceof HTMLTextAreaElement)) continue;
  const said = button.textContent;
  button.hidden = false;
  button.addEventListener("click", () => {
    field.select();
    void copy(field.value).then((done) => {
      button.textContent = done ? "Copied" : "Press Ctrl+C";
      setTimeout(() => (button.textContent = said), 2000);
    });
  });
}

/** Without leave, or over plain http from another machine, there is no clipboard; the text is selected then. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
