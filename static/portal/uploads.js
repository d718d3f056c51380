// Papers are sent as soon as they are chosen, in pieces, and go on where they were after a dropped line
// (tus 1.0). Without this file the form sends them all at once when a button is pressed.
(() => {
  "use strict";
  const form = document.querySelector("form[data-tus]");
  if (!form || !window.localStorage) return;
  const words = form.dataset;
  const LEAST = 64 * 1024, MOST = 2 * 1024 * 1024, AT_ONCE = 2, PATIENCE = 30000; // bytes, files, ms
  const WAITS = [500, 1000, 2000, 4000, 8000, 15000]; // ms between tries, the last one again and again
  const coming = new Set();
  let pieceSize = 256 * 1024;
  let working = 0;
  let pressed = null; // the button that waits for the files

  // --- One request. Answers with an XMLHttpRequest, rejects when the line is gone.
  const ask = (method, url, headers, body, progress, file) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(method, url);
      request.timeout = body ? 90000 : PATIENCE;
      request.setRequestHeader("Tus-Resumable", "1.0.0");
      request.setRequestHeader("X-CSRFToken", form.querySelector("[name=csrfmiddlewaretoken]").value);
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.upload.addEventListener("progress", (step) => progress?.(step.loaded));
      request.addEventListener("load", () => (request.status >= 500 || !request.status ? reject(request) : resolve(request)));
      for (const end of ["error", "timeout", "abort"]) request.addEventListener(end, () => reject(request));
      if (file) file.request = request;
      request.send(body || null);
    });
  const offsetIn = (request) => Number(request.getResponseHeader("Upload-Offset"));
  const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

  // What is kept of a file says nothing about it to whoever uses this browser next.
  const mark = (text) => {
    let hash = 0;
    for (const letter of text) hash = (Math.imul(hash, 31) + letter.codePointAt(0)) | 0;
    return hash.toString(36);
  };

  // --- One file on its way.
  const take = (input, blob) => {
    const file = { blob, input, document: input.name.replace(/^tep-/, ""), offset: 0, tries: 0, state: "waiting" };
    const facts = [location.pathname, file.document, blob.name, blob.size, blob.lastModified];
    file.key = `tus|${mark(facts.join("|"))}`;
    file.url = localStorage.getItem(file.key);
    show(file);
    coming.add(file);
  };

  const send = async (file) => {
    if (!file.url) await begin(file);
    else await findPlace(file);
    while (file.state === "sending" && file.offset < file.blob.size) await sendPiece(file);
    if (file.state === "sending") await done(file);
  };

  const begin = async (file) => {
    const metadata = `filename ${base64(file.blob.name)},document ${base64(file.document)}`;
    const answer = await ask("POST", words.tus, { "Upload-Length": file.blob.size, "Upload-Metadata": metadata });
    if (answer.status !== 201) return refuse(file, answer);
    file.url = answer.getResponseHeader("Location");
    file.offset = 0;
    localStorage.setItem(file.key, file.url);
  };

  const findPlace = async (file) => {
    const answer = await ask("HEAD", file.url, {});
    if (answer.status === 200) {
      file.offset = offsetIn(answer);
    } else {
      forget(file); // too old, or refused when it was whole: from the beginning
      await begin(file);
    }
  };

  const sendPiece = async (file) => {
    const began = performance.now();
    const piece = file.blob.slice(file.offset, file.offset + pieceSize);
    const headers = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": file.offset };
    const answer = await ask("PATCH", file.url, headers, piece, (sent) => draw(file, sent), file);
    if (answer.status === 204) {
      file.offset = offsetIn(answer);
      file.tries = 0;
      if (performance.now() - began < 1500) pieceSize = Math.min(MOST, pieceSize * 2);
      draw(file);
    } else if (answer.status === 409 || answer.status === 423) {
      await sleep(file, answer.status === 423 ? 1000 : 0);
      await findPlace(file);
    } else {
      refuse(file, answer);
    }
  };

  // Its row stays until the page's list has the file: nothing jumps, and a line that breaks just now hides nothing.
  const done = async (file) => {
    forget(file);
    file.state = "sent";
    file.button.disabled = true;
    file.bar.value = 1;
    file.facts.textContent = words.tusSent;
    for (let tries = 0; !(await refresh(file)); tries += 1) await sleep(file, waitAfter(tries));
    file.row.remove();
    coming.delete(file);
  };

  const refuse = (file, answer) => {
    forget(file);
    file.state = "refused";
    const is_ours = (answer.getResponseHeader("Content-Type") || "").startsWith("text/plain");
    say(file, (is_ours && answer.responseText) || words.tusFailed, true);
  };

  const forget = (file) => {
    localStorage.removeItem(file.key);
    file.url = null;
  };

  // --- All files: two at once; a broken line is waited for.
  const work = async () => {
    const next = [...coming].find((file) => file.state === "waiting");
    if (!next || working >= AT_ONCE) return submitWhenDone();
    working += 1;
    next.state = "sending";
    draw(next);
    try {
      await send(next);
    } catch (reason) {
      if (!(reason instanceof XMLHttpRequest)) console.error(reason);
      if (next.state === "sending") await lost(next);
    }
    working -= 1;
    work();
    work();
  };

  const lost = async (file) => {
    file.state = "lost";
    pieceSize = Math.max(LEAST, pieceSize / 2);
    const wait = waitAfter(file.tries);
    file.tries += 1;
    say(file, words.tusLost, false);
    await sleep(file, wait);
    if (file.state === "lost") file.state = "waiting";
  };

  const waitAfter = (tries) => WAITS[Math.min(tries, WAITS.length - 1)];
  const sleep = (file, milliseconds) =>
    new Promise((resolve) => {
      file.wake = resolve;
      setTimeout(resolve, milliseconds);
    });
  window.addEventListener("online", () => coming.forEach((file) => file.wake?.()));

  const drop = (file) => {
    const url = file.url;
    forget(file);
    file.state = "dropped";
    file.request?.abort();
    file.wake?.();
    file.row.remove();
    coming.delete(file);
    if (url) ask("DELETE", url, {}).catch(() => {});
    work();
  };

  const submitWhenDone = () => {
    if (!pressed || working) return;
    const button = pressed;
    pressed = null;
    if ([...coming].some((file) => file.state === "refused")) {
      [...coming].find((file) => file.state === "refused").row.scrollIntoView({ block: "center" });
      return free(button);
    }
    // "Tải lên" has done all it does: the page shows what is there. Other buttons go on.
    if (button.value === "upload") return free(button);
    free(button);
    form.requestSubmit(button);
  };
  const free = (button) => button.removeAttribute("aria-busy");

  // --- What is seen: a row a file, below its input.
  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  };
  const show = (file) => {
    let list = file.input.parentElement.querySelector("ul.sending");
    if (!list) {
      list = make("ul", "files sending");
      file.input.after(list);
    }
    file.row = make("li", "file-row");
    const middle = make("span");
    file.bar = make("progress", "upload-progress");
    file.bar.max = 1;
    file.bar.value = 0;
    file.bar.setAttribute("aria-label", file.blob.name);
    file.facts = make("span", "file-facts", words.tusWaiting);
    file.facts.setAttribute("role", "status");
    middle.append(file.blob.name, file.bar, file.facts);
    file.button = make("button", "btn btn-link", words.tusDrop);
    file.button.type = "button";
    file.button.append(make("span", "visually-hidden", ` ${file.blob.name}`));
    file.button.addEventListener("click", () => drop(file));
    file.row.append(make("span", "icon icon-file"), middle, file.button);
    list.append(file.row);
  };
  const draw = (file, sent = 0) => {
    const part = (file.offset + sent) / file.blob.size;
    file.bar.hidden = false;
    file.bar.value = part;
    file.facts.className = "file-facts";
    const now = `${words.tusSending} ${Math.floor(part * 20) * 5}%`; // not every byte is read aloud
    if (file.facts.textContent !== now) file.facts.textContent = now;
  };
  const say = (file, text, is_final) => {
    file.bar.hidden = is_final;
    file.facts.className = is_final ? "field-error" : "file-facts";
    file.facts.textContent = text;
  };

  // The paper's list of files and the draft's revision as the server has them now, one after the other: an older
  // answer mustn't come last. Whether there was an answer.
  let before = Promise.resolve();
  const refresh = (file) => {
    before = before.then(() => ask("GET", location.pathname, {})).then((answer) => put(file, answer), () => false);
    return before;
  };
  const put = (file, answer) => {
    const page = new DOMParser().parseFromString(answer.responseText, "text/html");
    const id = `div_${file.input.id}`;
    const [here, there] = [document.getElementById(id), page.getElementById(id)];
    const list = there?.querySelector("ul.files");
    if (!list) return true;
    const old = here.querySelector("ul.files:not(.sending)");
    old ? old.replaceWith(list) : file.input.before(list);
    for (const name of ["_revision"]) {
      const [field, fresh] = [form.elements[name], page.querySelector(`[name=${name}]`)];
      if (field && fresh) field.value = fresh.value;
    }
    return true;
  };

  form.addEventListener("change", (event) => {
    if (event.target.type !== "file") return;
    [...event.target.files].forEach((blob) => take(event.target, blob));
    event.target.value = "";
    for (let i = 0; i < AT_ONCE; i += 1) work();
  });
  // A button pressed while files are on their way waits for them.
  form.addEventListener("submit", (event) => {
    if ([...coming].every((file) => file.state === "refused")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    pressed = event.submitter;
    pressed?.setAttribute("aria-busy", "true");
    coming.forEach((file) => file.wake?.());
  });
  window.addEventListener("beforeunload", (event) => {
    if ([...coming].some((file) => ["waiting", "sending", "lost"].includes(file.state))) event.preventDefault();
  });
})();
