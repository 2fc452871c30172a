"""A window of a browser on the site, and everything in it that no page of ours may do."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

# The browser's own words for a page that is rightly an error page, and on how the software that draws for it works.
_EXPECTED = ("the server responded with a status of", "GL Driver Message")
_REPORTS = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));"""


class Visit:
    """A window, and since it was opened or told to forget: the addresses of ``scripts``, and ``faults``, which are what
    the console said, scripts that broke, dialogs, and requests to other hosts.
    """

    def __init__(self, browser: "Browser", site: str, **options: Any) -> None:
        self.site = site
        self.scripted = options.get("java_script_enabled", True)
        self.faults: list[str] = []
        self.scripts: set[str] = set()
        defaults = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"}
        self.context = browser.new_context(**(defaults | options))
        self.context.set_default_timeout(60_000)
        self.context.add_init_script(_REPORTS)
        self.context.on("request", self._ask)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._say)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("dialog", lambda dialog: (self.faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def go(self, path: str) -> "Response":
        """Open a page of the site and wait until it has loaded, and the map on it has been drawn."""
        answer = self.page.goto(self.site + path)
        if self.scripted:
            self.page.locator("#scene:not([data-drawn])").wait_for(state="hidden")
        assert answer is not None
        return answer

    def forget(self) -> None:
        """Begin anew."""
        self.faults.clear()
        self.scripts.clear()

    def close(self) -> None:
        """Close the window."""
        self.context.close()

    def _ask(self, request: "Request") -> None:
        if request.resource_type == "script":
            self.scripts.add(request.url)
        if urlsplit(request.url).scheme not in ("data", "blob") and not request.url.startswith(f"{self.site}/"):
            self.faults.append(f"request: {request.url}")

    def _say(self, message: "ConsoleMessage") -> None:
        if not any(each in message.text for each in _EXPECTED):
            self.faults.append(f"{message.type}: {message.text}")
