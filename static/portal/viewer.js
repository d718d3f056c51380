// The viewer of papers: what its links do on a page of their own, done in place. Without this file they are links.
(() => {
  "use strict";
  const ZOOMS = [50, 75, 100, 150, 200, 300];
  const KEYS = { "+": "larger", "=": "larger", "-": "smaller", 0: "usual", r: "right", l: "left", n: "next", p: "previous" };

  const start = (viewer) => {
    const stage = viewer.querySelector(".viewer-stage");
    const picture = stage.querySelector("img");
    const words = viewer.querySelector("[data-view-state]");
    const pages = Number(viewer.dataset.pages) || Infinity;
    let { page, turn, zoom } = { page: +viewer.dataset.page, turn: +viewer.dataset.turn, zoom: +viewer.dataset.zoom };

    const moves = {
      next: () => (page = Math.min(page + 1, pages)),
      previous: () => (page = Math.max(page - 1, 1)),
      larger: () => (zoom = ZOOMS[Math.min(ZOOMS.indexOf(zoom) + 1, ZOOMS.length - 1)]),
      smaller: () => (zoom = ZOOMS[Math.max(ZOOMS.indexOf(zoom) - 1, 0)]),
      left: () => (turn = (turn + 270) % 360),
      right: () => (turn = (turn + 90) % 360),
      usual: () => ((turn = 0), (zoom = 100)),
    };
    const isAtEnd = (name) =>
      (name === "next" && page >= pages) ||
      (name === "previous" && page <= 1) ||
      (name === "larger" && zoom === ZOOMS[ZOOMS.length - 1]) ||
      (name === "smaller" && zoom === ZOOMS[0]);

    const show = () => {
      const source = `${viewer.dataset.image.replace(/0\/$/, `${page}/`)}?xoay=${turn}&rong=${zoom >= 200 ? 2400 : 1400}`;
      if (picture.getAttribute("src") !== source) picture.src = source;
      stage.className = `viewer-stage zoom-${zoom}`;
      words.textContent = viewer.dataset.words
        .replace("{page}", page)
        .replace("{pages}", Number.isFinite(pages) ? pages : "?")
        .replace("{zoom}", zoom)
        .replace("{turn}", turn);
      viewer.querySelectorAll("[data-view]").forEach((control) => {
        control.toggleAttribute("aria-disabled", false);
        if (isAtEnd(control.dataset.view)) control.setAttribute("aria-disabled", "true");
      });
    };
    const move = (name) => {
      if (isAtEnd(name)) return;
      moves[name]();
      show();
    };

    viewer.addEventListener("click", (event) => {
      const control = event.target.closest("[data-view]");
      if (!control || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      move(control.dataset.view);
    });
    viewer.addEventListener("keydown", (event) => {
      const name = KEYS[event.key.toLowerCase()];
      if (!name || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      move(name);
    });
    picture.addEventListener("error", () => (words.textContent = picture.dataset.broken));
    // A control that leads nowhere yet has no address: give it one, so the keyboard reaches it.
    viewer.querySelectorAll("[data-view]:not([href])").forEach((control) => control.setAttribute("href", "#"));
  };
  document.querySelectorAll("[data-viewer]").forEach(start);
})();
