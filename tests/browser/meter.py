"""What a page costs somebody on a bad line: bytes over the wire, requests, and how far things jump while it loads."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

# Chromium counts a shift of the layout (0 to 1); what a press brought about within half a second doesn't count.
WATCHING = """
window.shift = 0;
window.moved = "";
new PerformanceObserver(list => list.getEntries().forEach(entry => {
  if (entry.hadRecentInput) return;
  window.shift += entry.value;
  for (const {node} of entry.sources) window.moved += ` ${node?.outerHTML?.slice(0, 60) ?? node?.textContent}`;
})).observe({type: "layout-shift", buffered: true});
"""


@dataclass(frozen=True)
class Cost:
    bytes: int
    requests: int  # that left the browser; what its cache gave is free
    shift: float
    moved: str = ""

    def __str__(self) -> str:
        return f"{self.bytes / 1024:6.1f} KB {self.requests:3} requests  shift {self.shift:.3f}{self.moved}"


@dataclass
class Meter:
    """Counts what ``page`` loads. ``take`` reads the counters and begins anew."""

    page: Page
    _bytes: int = 0
    _requests: int = 0
    _cached: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.add_init_script(WATCHING)
        session = self.page.context.new_cdp_session(self.page)
        session.on("Network.requestServedFromCache", lambda event: self._cached.add(event["requestId"]))
        session.on("Network.responseReceived", self._answered)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    def take(self) -> Cost:
        self.page.wait_for_load_state("networkidle")
        shift, moved = self.page.evaluate("[window.shift || 0, window.moved || '']")
        cost = Cost(self._bytes, self._requests, shift, moved)
        self._bytes = self._requests = 0
        return cost

    def _answered(self, event: dict[str, Any]) -> None:
        response = event["response"]
        if response.get("fromDiskCache") or response["url"].startswith("data:"):
            self._cached.add(event["requestId"])
        if event["requestId"] not in self._cached:
            self._requests += 1

    def _finished(self, event: dict[str, Any]) -> None:
        if event["requestId"] not in self._cached:
            self._bytes += int(event["encodedDataLength"])
