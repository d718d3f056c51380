// Small conveniences. Every page works without this file.
(() => {
  "use strict";
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

  // Buttons that only work with scripts appear only with scripts.
  const wake = (root) => {
    all("[data-print], [data-copy]", root).forEach((button) => (button.hidden = false));
    all("input[data-money]", root).forEach(group);
    all("[data-countdown]", root).forEach(countdown);
  };

  // --- Money: 1490000 is shown as 1.490.000; the cursor keeps its digit.
  const group = (input) => {
    const typed = input.value;
    if (!/^[0-9][0-9. ]*$/.test(typed)) return;
    const after = typed.slice(input.selectionEnd ?? typed.length).replace(/[^0-9]/g, "").length;
    const grouped = typed.replace(/[^0-9]/g, "").replace(/^0+(?=[0-9])/, "").replace(/\B(?=([0-9]{3})+$)/g, ".");
    if (grouped === typed) return;
    input.value = grouped;
    if (document.activeElement !== input) return;
    let at = grouped.length;
    for (let left = after; left > 0 && at > 0; at -= 1) if (/[0-9]/.test(grouped[at - 1])) left -= 1;
    input.setSelectionRange(at, at);
  };
  document.addEventListener("input", (event) => {
    if (event.target.matches("input[data-money]")) group(event.target);
  });

  // --- Time left: the server says how many seconds; the phone's own clock may be wrong.
  const countdown = (place) => {
    if (place.dataset.running) return;
    place.dataset.running = "1";
    const end = performance.now() + 1000 * Number(place.dataset.countdown);
    const shown = place.querySelector(".countdown") || place;
    const tick = () => {
      const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
      shown.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      if (left > 0) return;
      clearInterval(timer);
      if (!place.dataset.over) return;
      place.setAttribute("role", "status");
      place.textContent = place.dataset.over;
    };
    const timer = setInterval(tick, 1000);
    tick();
  };

  // --- Copy and print.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-print]");
    if (!button) return;
    if (button.hasAttribute("data-print")) return window.print();
    navigator.clipboard?.writeText(button.dataset.copy).then(() => {
      button.textContent = button.dataset.done;
    });
  });

  // --- Typed text that isn't saved: ask before leaving. <form data-guard>
  let unsaved = false;
  document.addEventListener("input", (event) => {
    if (event.target.closest("form[data-guard]")) unsaved = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });

  // --- A second press while the first is on its way does nothing. The server would bear it anyway.
  const release = (form) => {
    delete form.dataset.sending;
    all("[aria-busy]", form).forEach((button) => {
      button.removeAttribute("aria-busy");
      if (button.dataset.was) button.textContent = button.dataset.was;
    });
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sending) return event.preventDefault();
    form.dataset.sending = "1";
    unsaved = false;
    const button = event.submitter;
    if (button?.matches(".btn")) {
      button.setAttribute("aria-busy", "true");
      if (button.dataset.busy) {
        button.dataset.was = button.textContent;
        button.textContent = button.dataset.busy;
      }
    }
    setTimeout(release, 20000, form);
    if (all("input[type=file]", form).some((input) => input.files.length)) upload(event, form, button);
  });
  window.addEventListener("pageshow", () => all("form[data-sending]").forEach(release));

  // --- Files: show how much has gone; on a broken line say so and keep the choice.
  const upload = (event, form, button) => {
    event.preventDefault();
    const data = new FormData(form);
    if (button?.name) data.append(button.name, button.value);
    let box = form.querySelector("[data-upload-state]");
    if (!box) {
      box = document.createElement("div");
      box.dataset.uploadState = "";
      box.setAttribute("role", "status");
      (button?.closest(".actions") || form).before(box);
    }
    const bar = document.createElement("progress");
    bar.className = "upload-progress";
    bar.max = 1;
    bar.value = 0;
    const words = document.createElement("p");
    words.textContent = form.dataset.uploading || "Đang gửi tệp…";
    box.replaceChildren(bar, words);
    const failed = () => {
      release(form);
      const error = document.createElement("p");
      error.className = "field-error";
      error.textContent = form.dataset.broken || "Mất kết nối, tệp chưa gửi xong. Hãy bấm lại để gửi tiếp.";
      box.replaceChildren(error);
    };
    const request = new XMLHttpRequest();
    request.open("POST", button?.hasAttribute("formaction") ? button.formAction : form.action);
    request.upload.addEventListener("progress", (step) => {
      if (step.lengthComputable) bar.value = step.loaded / step.total;
    });
    request.addEventListener("error", failed);
    request.addEventListener("timeout", failed);
    request.addEventListener("load", () => {
      history.replaceState(null, "", request.responseURL);
      document.open();
      document.write(request.responseText);
      document.close();
    });
    request.send(data);
  };

  // --- The account menu closes with Escape and when something else is touched.
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector(".account details[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    const menu = document.querySelector(".account details[open]");
    if (menu && !menu.contains(event.target)) menu.open = false;
  });

  document.addEventListener("htmx:afterSwap", (event) => wake(event.target));
  wake(document);
  document.querySelector("[data-focus]")?.focus();
})();
