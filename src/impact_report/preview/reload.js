const bar = document.querySelector(".preview-bar");
const kept = "preview-open-details";
const details = () => [...document.querySelectorAll("details")];
const open = JSON.parse(sessionStorage.getItem(kept) || "[]");
sessionStorage.removeItem(kept);
details().forEach((one, place) => { if (open.includes(place)) one.open = true; });
const source = new EventSource("/.preview/events");
source.addEventListener("version", event => {
  if (event.data === bar.dataset.version) return;
  sessionStorage.setItem(kept, JSON.stringify(details().flatMap((one, place) => one.open ? [place] : [])));
  location.reload();
});
source.addEventListener("state", event => { bar.querySelector("[role=status]").textContent = event.data; });
source.onerror = () => { bar.querySelector("[role=status]").textContent = "the preview does not answer"; };
