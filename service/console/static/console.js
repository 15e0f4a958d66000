// Nothing on the main path needs this: it shows at once what the form or the table would say anyway.
"use strict";
for (const range of document.querySelectorAll("input[data-shows]")) {
  const output = document.getElementById(range.dataset.shows);
  range.addEventListener("input", () => { output.value = range.value; });
}
for (const button of document.querySelectorAll("[data-prints]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    for (const one of document.querySelectorAll("details")) one.open = true;
    window.print();
  });
}
for (const form of document.querySelectorAll("[data-policies]")) {
  const rows = [...document.querySelectorAll("table.policies tbody tr")];
  const range = form.querySelector("input"), output = form.querySelector("output");
  const asked = rows.findIndex((row) => row.classList.contains("asked"));
  const show = () => {
    rows.forEach((row, place) => row.classList.toggle("asked", place === Number(range.value)));
    const cells = rows[Number(range.value)].cells;
    output.value = [0, 1, 2, 3].map((place) => cells[place].textContent.trim().replace(/\s+/g, " ")).join(" · ");
  };
  range.value = asked < 0 ? 4 : asked;
  range.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  show();
}
const language = document.querySelector(".language select");
if (language) language.addEventListener("change", () => language.form.submit());
for (const waiting of document.querySelectorAll("[data-reloads]")) {
  setTimeout(() => window.location.reload(), Number(waiting.dataset.reloads));
}
for (const form of document.querySelectorAll("[data-grades]")) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
    const button = form.querySelector(`button[value="${CSS.escape(event.key)}"]`);
    if (button) button.click();
  });
}
// A link's token stands behind the #, which no server sees. It goes on in the body of the form, and out of the address.
for (const form of document.querySelectorAll("[data-opens]")) {
  const open = () => {
    const token = window.location.hash.slice(1);
    if (!token.startsWith("ct_")) return;
    window.history.replaceState(null, "", window.location.pathname);
    form.elements.token.value = token;
    form.submit();
  };
  window.addEventListener("hashchange", open);
  open();
}
