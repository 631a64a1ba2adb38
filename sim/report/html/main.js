// Reads the data, shows everything, and lets the reader choose between light and dark.

function showPictures({ report, latency: buckets, pictures }) {
  const figures = [latencyFigure(report, buckets)];
  if (pictures) {
    figures.unshift(
      seriesFigure(pictures, 'Deliveries over time', [
        ['uplinks', 'uplinks', 'one'],
        ['retries', 'retries', 'four'],
        ['delivered', 'delivered', 'good'],
        ['undelivered', 'not delivered', 'two'],
        ['lost', 'frames lost', 'soft'],
      ]),
    );
    figures.push(
      ...loadFigures(pictures.seconds),
      seriesFigure(pictures, 'Downlinks over time', [
        ['calls', 'calls', 'one'],
        ['refused', 'refused', 'two'],
        ['sent', 'sent to a device', 'three'],
      ]),
      signalFigure(pictures.coverage),
      timelineFigure(pictures),
      mapFigure(pictures.coverage),
    );
  }
  const shown = figures.filter(Boolean);
  byId('pictures').hidden = shown.length === 0;
  byId('charts').append(...shown);
}

const THEMES = ['', 'light', 'dark'];
const THEME_NAMES = ['as the system', 'light', 'dark'];

function chooseTheme(at) {
  if (THEMES[at]) document.documentElement.dataset.theme = THEMES[at];
  else delete document.documentElement.dataset.theme;
  byId('theme').textContent = `Colours: ${THEME_NAMES[at]}`;
  redrawCharts();
}

function begin() {
  const data = JSON.parse(byId('data').textContent);
  showVerdict(data.report);
  showNumbers(data.report);
  showChecks(data.report);
  showPictures(data);
  let theme = 0;
  byId('theme').addEventListener('click', () => {
    theme = (theme + 1) % THEMES.length;
    chooseTheme(theme);
  });
  chooseTheme(theme);
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redrawCharts);
}

begin();
