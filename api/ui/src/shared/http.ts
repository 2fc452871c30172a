/** Requests to this service, and its problems (RFC 9457) as errors that can be shown. */

export class Problem extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The JSON at an address of this site. Throws a Problem that says what was wrong; an abort goes through as it is. */
export async function getJson<T>(address: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(address, { headers: { Accept: "application/json" }, ...(signal && { signal }) });
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as T;
}

/** What an answer says is wrong: the detail of its problem, or its status. */
export async function problemOf(response: Response): Promise<Problem> {
  const type = response.headers.get("content-type") ?? "";
  const body: unknown = type.includes("json") ? await response.json().catch(() => null) : null;
  const detail = typeof body === "object" && body !== null && "detail" in body ? body.detail : null;
  const message = typeof detail === "string" && detail ? detail : `the service answered ${response.status}`;
  return new Problem(response.status, message);
}
