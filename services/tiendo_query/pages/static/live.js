// Tells of news without moving what is read: how many events came since the page was made, and how far a rebuild is. The page is whole without it.
"use strict";
(() => {
  const place = document.querySelector("[data-live]");
  if (!place || !window.EventSource) return;
  const said = { news: "", rebuild: "" };
  let source = null;

  const show = () => {
    place.replaceChildren();
    const words = [said.news, said.rebuild].filter(Boolean);
    if (!words.length) return;
    place.append(words.join(" · ") + " ");
    if (!said.news) return;
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = place.dataset.reload;
    again.addEventListener("click", () => location.reload());
    place.append(again);
  };

  const listen = () => {
    if (source || document.hidden) return;
    source = new EventSource(place.dataset.live);
    source.addEventListener("news", (event) => {
      const { count, more } = JSON.parse(event.data);
      said.news = place.dataset.news.replace("{count}", more ? `${count}+` : count);
      show();
    });
    source.addEventListener("rebuild", (event) => {
      const { percent } = JSON.parse(event.data);
      said.rebuild = percent < 100 ? place.dataset.rebuild.replace("{percent}", percent) : "";
      show();
    });
    source.addEventListener("error", () => {
      if (source && source.readyState === EventSource.CLOSED) source = null;
    });
  };

  // A page that nobody looks at asks nothing: browsers open few connections to one server.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) return listen();
    if (source) source.close();
    source = null;
  });
  listen();
})();
