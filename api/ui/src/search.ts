/** Suggestions in the search boxes of a page. */

import { suggestEverywhere } from "./shared/combobox";

suggestEverywhere();
