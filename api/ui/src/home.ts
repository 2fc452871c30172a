/** Suggestions, and files that are dropped on the place to paste papers. */

import { suggestEverywhere } from "./shared/combobox";
import { need } from "./shared/dom";

suggestEverywhere();

const box = need<HTMLTextAreaElement>("#paste textarea");
for (const kind of ["dragenter", "dragover"] as const) {
  box.addEventListener(kind, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    box.classList.add("over");
  });
}
for (const kind of ["dragleave", "drop"] as const) box.addEventListener(kind, () => box.classList.remove("over"));
box.addEventListener("drop", (event) => void read(event));

async function read(event: DragEvent): Promise<void> {
  const files = [...(event.dataTransfer?.files ?? [])];
  if (!files.length) return;
  event.preventDefault();
  const texts = await Promise.all(files.map((file) => file.text()));
  box.value = [box.value.trim(), ...texts].filter(Boolean).join("\n\n");
  box.focus();
}
