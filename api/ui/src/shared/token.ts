/** The token of a reader who may write: kept by this tab alone, and sent to this service alone. */

const KEY = "paperkg-token";

/** The token that this tab holds. One in the fragment of the address is taken out of it and kept. */
export function heldToken(): string | null {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    history.replaceState(history.state, "", location.pathname + location.search);
    keepToken(given);
  }
  return stored(() => sessionStorage.getItem(KEY));
}

/** Keep a token for as long as the tab lives; null forgets it. */
export function keepToken(token: string | null): void {
  stored(() => (token ? sessionStorage.setItem(KEY, token) : sessionStorage.removeItem(KEY)));
}

/** The header that a token travels in. */
export function bearer(token: string): Record<string, string> {
  return { Authorization: `Bearer ${token}` };
}

/** Storage that a browser refuses is as good as empty. */
function stored<T>(use: () => T): T | null {
  try {
    return use();
  } catch {
    return null;
  }
}
