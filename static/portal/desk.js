// Keys of the officers' pages. Every one of them leads where a link or a button of the page leads, too.
(() => {
  "use strict";
  // What is in view: nothing of a closed <details>, which still has its place in the page.
  const all = (selector) => Array.from(document.querySelectorAll(selector)).filter((one) => one.checkVisibility());
  const board = document.querySelector("[data-keys]");
  const OFF = "phim-tat-tat";
  const isOff = () => localStorage.getItem(OFF) === "1";

  const isTyping = (target) =>
    target.isContentEditable || target.closest("textarea, select, input:not([type=radio], [type=checkbox], [type=submit])");

  // Rows of the queue: the focus moves, the page stays where it is unless the row is out of sight.
  const step = (by) => {
    const rows = all("[data-row]");
    if (!rows.length) return;
    const now = rows.indexOf(document.activeElement);
    const row = rows[now < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(now + by, 0), rows.length - 1)];
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };

  const nextPaper = () => {
    const places = all(".viewer-stage");
    if (!places.length) return;
    const now = places.findIndex((one) => one.closest("[data-viewer]").contains(document.activeElement));
    const place = places[(now + 1) % places.length];
    place.focus({ preventScroll: true });
    place.scrollIntoView({ block: "nearest" });
  };

  const follow = (key) => {
    const target = all("[data-key]").find((one) => one.dataset.key === key);
    if (!target) return false;
    if (target.matches("input, textarea, select, h2, h3")) target.focus();
    else if (target.matches("a, button")) target.click();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (board?.open || isTyping(event.target)) return;
    if (event.key === "?" && board) {
      event.preventDefault();
      board.showModal();
      return;
    }
    if (isOff()) return;
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") step(key === "j" ? 1 : -1);
    else if (key === "v") nextPaper();
    else if (!follow(key)) return;
    event.preventDefault();
  });

  const button = board?.querySelector("[data-keys-switch]");
  const label = () => (button.textContent = isOff() ? button.dataset.on : button.dataset.off);
  button?.addEventListener("click", () => {
    localStorage.setItem(OFF, isOff() ? "0" : "1");
    label();
  });
  if (button) label();
  document.querySelector("[data-keys-open]")?.addEventListener("click", (event) => {
    event.preventDefault();
    board.showModal();
  });
})();
