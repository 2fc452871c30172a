/** The editor in the place of the page's plain text field, which goes on holding the query for the form. */

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, indentService, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { sparql } from "codemirror-lang-sparql";
import { complete } from "./completion";
import { depth } from "./place";
import { colours, theme } from "./theme";

export interface Editor {
  text(): string;
  /** Put another query in, as a step that can be undone. */
  put(text: string): void;
  focus(): void;
  /** Mark a place, counted from 1 in characters; null takes the mark away. */
  fault(place: { line: number; column: number; reason: string } | null): void;
}

/**
 * Styles of CodeMirror go into a style element of the document, which the Content-Security-Policy forbids, but into an
 * adopted sheet where it lives in a shadow root, which needs no permission.
 */
export function editorFor(field: HTMLTextAreaElement, run: () => void): Editor {
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const view = new EditorView({ root, parent: root, state: stateOf(field, run) });
  field.after(host);
  field.hidden = true;
  field.required = false;
  for (const label of field.labels ?? []) label.addEventListener("click", () => view.focus());
  return {
    text: () => view.state.doc.toString(),
    put: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: 0 } }),
    focus: () => view.focus(),
    fault: (place) => view.dispatch(setDiagnostics(view.state, place ? [diagnosed(view.state, place)] : [])),
  };
}

function stateOf(field: HTMLTextAreaElement, run: () => void): EditorState {
  const runs = { key: "Mod-Enter", run: () => (run(), true) };
  return EditorState.create({
    doc: field.value,
    extensions: [
      keymap.of([runs, ...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap]),
      lineNumbers(),
      history(),
      drawSelection(),
      bracketMatching(),
      indentService.of((context, pos) => {
        const closes = /^\s*[})]/.test(context.textAfterPos(pos));
        return 2 * (depth(context.state.sliceDoc(0, pos)) - (closes ? 1 : 0));
      }),
      closeBrackets(),
      // What a list offers may be taken as soon as it is seen.
      autocompletion({ override: [complete], icons: false, maxRenderedOptions: 60, interactionDelay: 0 }),
      sparql(),
      syntaxHighlighting(colours),
      theme,
      EditorView.lineWrapping,
      EditorView.domEventHandlers({ beforeinput: typedOver }),
      EditorView.contentAttributes.of({ "aria-label": "Query", spellcheck: "false", autocapitalize: "off" }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) field.value = update.state.doc.toString();
      }),
    ],
  });
}

/**
 * Text typed over several lines: left to itself, Chromium first gives the line that stays a style of its own, which the
 * Content-Security-Policy forbids, and complains in the console.
 */
function typedOver(event: InputEvent, view: EditorView): boolean {
  const { main } = view.state.selection;
  const { data } = event;
  if (event.inputType !== "insertText" || !data || /^["'([{]$/.test(data)) return false;
  if (view.state.doc.lineAt(main.from).number === view.state.doc.lineAt(main.to).number) return false;
  event.preventDefault();
  view.dispatch(view.state.replaceSelection(data), { userEvent: "input.type" });
  return true;
}

function diagnosed(state: EditorState, place: { line: number; column: number; reason: string }): Diagnostic {
  const line = state.doc.line(Math.min(place.line, state.doc.lines));
  const from = Math.min(line.from + [...line.text].slice(0, place.column - 1).join("").length, line.to);
  const word = /^[\p{L}\w:?$.-]+|^\S/u.exec(line.text.slice(from - line.from))?.[0] ?? "";
  return { from, to: from + word.length, severity: "error", message: place.reason };
}
