/** The words of queries: those of this graph, as the service tells them, and those of SPARQL. */

import { getJson } from "../shared/http";

export interface Word {
  readonly name: string;
  readonly kind: "class" | "property";
  readonly label: string;
  readonly comment: string;
  /** Classes whose things have the property, and those it leads to. */
  readonly source: readonly string[];
  readonly target: readonly string[];
}

export interface Words {
  readonly base: string;
  readonly prefixes: Readonly<Record<string, string>>;
  readonly words: readonly Word[];
}

export const KEYWORDS =
  "SELECT DISTINCT CONSTRUCT DESCRIBE ASK WHERE FILTER OPTIONAL UNION MINUS GRAPH BIND VALUES AS FROM NAMED EXISTS NOT IN PREFIX BASE GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET UNDEF".split(
    " ",
  );

export const FUNCTIONS =
  "COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT STR LANG LANGMATCHES DATATYPE BOUND IRI BNODE ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER SUBSTR REPLACE REGEX YEAR MONTH DAY IF COALESCE STRLANG STRDT ISIRI ISBLANK ISLITERAL ISNUMERIC SAMETERM ENCODE_FOR_URI NOW".split(
    " ",
  );

let told: Promise<Words> | null = null;

/** What the service tells, asked for once a page; a failure is asked again next time. */
export function wordsOfGraph(): Promise<Words> {
  told ??= getJson<Words>("/sparql/words").catch((error: unknown) => {
    told = null;
    throw error;
  });
  return told;
}
