// Meetings of a plan are dragged to another cell of a grid. All of it can be done by picking a meeting too, without script.
"use strict";
{
  const grids = [...document.querySelectorAll("table[data-moves]")];
  const form = document.getElementById("dropped"), told = document.getElementById("told");
  const known = new Map();
  const KEPT = "crossmatch-grid";
  let dragged = null;

  const pairOf = (link) => link && new URL(link.href).searchParams.get("picked");
  const heads = (cell) => {
    const table = cell.closest("table");
    const told = { ...table.tHead.rows[0].cells[cell.cellIndex].dataset, ...cell.parentElement.cells[0].dataset };
    return { ...told, other: pairOf(cell.querySelector("a")) };
  };
  // What the service says of the dragged meeting: by slot for empty cells, by meeting for the others.
  const ask = (pair, address) => {
    if (!known.has(pair)) {
      known.set(pair, fetch(`${address}?${new URLSearchParams({ picked: pair })}`)
        .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)))
        .then((text) => {
          const found = { slots: new Map(), others: new Map() };
          for (const one of new DOMParser().parseFromString(text, "text/html").querySelectorAll("li")) {
            const verdict = { may: "allowed" in one.dataset, words: one.textContent.trim() };
            if ("other" in one.dataset) found.others.set(one.dataset.other, verdict);
            else found.slots.set(one.dataset.slot, verdict);
          }
          return found;
        })
        // Without an answer nothing is marked, and the service says no where it has to.
        .catch(() => known.delete(pair) && null));
    }
    return known.get(pair);
  };
  const targetOf = (event) => {
    const cell = event.target.closest && event.target.closest("table[data-moves] td");
    return dragged && cell && cell !== dragged.cell ? cell : null;
  };
  // A row of the grid by participant takes its own meetings only; what stands there can be exchanged from any row.
  const takes = (cell) => {
    const { person, other } = heads(cell);
    return other ? other !== dragged.pair : !person || dragged.pair.split("\n").includes(person);
  };
  const verdictOn = (cell) => {
    if (!dragged.found || !takes(cell)) return null;
    const { slot, other } = heads(cell);
    return other ? dragged.found.others.get(other) : dragged.found.slots.get(slot);
  };
  const say = (words) => {
    told.hidden = !words;
    if (told.textContent !== words) told.textContent = words;
  };
  const clear = () => {
    for (const cell of document.querySelectorAll("td.drags, td.takes, td.takes-not")) {
      cell.classList.remove("drags", "takes", "takes-not");
      cell.removeAttribute("title");
    }
  };
  const mark = () => {
    for (const table of grids) {
      for (const cell of table.querySelectorAll("tbody td")) {
        const verdict = cell === dragged.cell ? null : verdictOn(cell);
        if (!verdict) continue;
        cell.classList.add(verdict.may ? "takes" : "takes-not");
        cell.title = verdict.words;
      }
    }
  };

  for (const table of grids) {
    table.addEventListener("dragstart", (event) => {
      const link = event.target.closest && event.target.closest("td a");
      if (!link) return;
      const mine = { pair: pairOf(link), cell: link.closest("td"), found: null };
      dragged = mine;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", link.textContent.trim());
      mine.cell.classList.add("drags");
      say("");
      ask(mine.pair, table.dataset.moves).then((found) => {
        if (dragged !== mine || !found) return;
        mine.found = found;
        mark();
      });
    });
    table.addEventListener("dragover", (event) => {
      const cell = targetOf(event);
      if (!cell || !takes(cell)) return;
      const verdict = verdictOn(cell);
      say(verdict ? verdict.words : "");
      if (verdict && !verdict.may) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "move";
    });
    table.addEventListener("drop", (event) => {
      const cell = targetOf(event);
      if (!cell || !takes(cell)) return;
      event.preventDefault();
      const { slot, table: number, other } = heads(cell);
      form.elements.kind.value = other ? "swap" : "move";
      form.elements.meeting.value = dragged.pair;
      form.elements.to.value = other ? "" : `${slot}\n${number || ""}`;
      form.elements.other_meeting.value = other || "";
      const scrolled = grids.map((one) => one.parentElement.scrollLeft);
      sessionStorage.setItem(KEPT, JSON.stringify({ page: location.pathname, y: scrollY, scrolled }));
      form.submit();
    });
    table.addEventListener("dragend", () => { dragged = null; clear(); });
  }

  // After a drop the reader goes on where the meeting was dropped, unless the service said no.
  const kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
  sessionStorage.removeItem(KEPT);
  if (kept && kept.page === location.pathname && !document.querySelector("[role=alert]")) {
    grids.forEach((one, place) => { one.parentElement.scrollLeft = kept.scrolled[place] || 0; });
    scrollTo(0, kept.y);
  }
}
