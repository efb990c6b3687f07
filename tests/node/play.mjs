// Plays manifests in headless Chromium and prints a JSON line for each: { player, manifest, ended, errors, buffered, duration, width, height, switches, texts, cues }.
// texts are the text tracks that the player offers; cues are what it shows of the one in the wanted language, from the start on at normal speed: [first seen, text].
// usage: node play.mjs FOLDER CHROMIUM < JSON lines { player: "hls.js" | "shaka" | "dash.js", manifest: path below FOLDER, text?: language }
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const [folder, executablePath] = process.argv.slice(2);
const types = { '.m3u8': 'application/vnd.apple.mpegurl', '.mpd': 'application/dash+xml', '.mp4': 'video/mp4', '.m4s': 'video/iso.segment', '.vtt': 'text/vtt', '.html': 'text/html', '.js': 'text/javascript' };
const scripts = {
  '/player/hls.js': 'hls.js/dist/hls.min.js',
  '/player/shaka.js': 'shaka-player/dist/shaka-player.compiled.js',
  '/player/dash.js': 'dashjs/dist/modern/umd/dash.all.min.js',
};

const server = createServer((request, response) => {
  const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
  if (path === '/player/page.html') {
    response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!DOCTYPE html><video id="v" muted width="320"></video>');
    return;
  }
  const file = scripts[path] ? join(import.meta.dirname, 'node_modules', scripts[path]) : join(folder, normalize(path));
  let size;
  try {
    size = statSync(file).size;
  } catch {
    response.writeHead(404).end();
    return;
  }
  const headers = { 'Content-Type': types[extname(file)] ?? 'application/octet-stream', 'Accept-Ranges': 'bytes' };
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  if (!range) {
    response.writeHead(200, { ...headers, 'Content-Length': size });
    createReadStream(file).pipe(response);
    return;
  }
  const start = Number(range[1]);
  const end = Math.min(range[2] === '' ? size - 1 : Number(range[2]), size - 1);
  response.writeHead(206, { ...headers, 'Content-Length': end - start + 1, 'Content-Range': `bytes ${start}-${end}/${size}` });
  createReadStream(file, { start, end }).pipe(response);
});
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required'],
});

// Runs in the page.
async function play({ player, uri, text }) {
  const video = document.getElementById('v');
  const errors = [];
  const sleep = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));
  const until = async (condition, milliseconds) => {
    for (const end = performance.now() + milliseconds; performance.now() < end; await sleep(50)) if (condition()) return true;
    return false;
  };
  let switchRendition = () => 0;
  let texts = () => [];
  let showText = () => {};
  let shown = () => [...video.textTracks].filter(track => track.mode !== 'disabled').flatMap(track => [...(track.activeCues ?? [])])
    .map(cue => ({ text: cue.text ?? cue.cueHTMLElement?.textContent, start: cue.startTime, end: cue.endTime }));
  if (player === 'hls.js') {
    const hls = new Hls({ enableWorker: false });
    hls.on(Hls.Events.ERROR, (_, error) => errors.push(`${error.details} ${error.error?.message ?? ''}`));
    hls.loadSource(uri);
    hls.attachMedia(video);
    texts = () => hls.subtitleTracks.map(track => ({ language: track.lang ?? '', label: track.name, default: track.default, forced: track.forced }));
    showText = language => { hls.subtitleDisplay = true; hls.subtitleTrack = hls.subtitleTracks.findIndex(track => track.lang === language);
      if (hls.subtitleTrack < 0) for (const track of video.textTracks) track.mode = track.kind === 'captions' ? 'showing' : track.mode; };
    switchRendition = () => { hls.nextLevel = (Math.max(0, hls.currentLevel) + 1) % hls.levels.length; return hls.levels.length; };
  } else if (player === 'shaka') {
    shaka.polyfill.installAll();
    const instance = new shaka.Player();
    await instance.attach(video);
    instance.addEventListener('error', event => errors.push(`${event.detail.code} ${event.detail.data}`));
    // What is chosen when all is buffered already, shaka shows in HLS only after the next segment.
    if (text) instance.configure({ preferredText: [{ language: text }] });
    try {
      await instance.load(uri);
    } catch (error) {
      errors.push(`load ${error.code} ${error.data ?? error.message}`);
    }
    texts = () => instance.getTextTracks().map(track => ({ language: track.language, label: track.label, roles: track.roles, codecs: track.codecs, forced: track.forced }));
    const ofLanguage = language => instance.getTextTracks().find(track => track.language === language || track.originalTextId === language);
    showText = language => { instance.selectTextTrack(ofLanguage(language)); instance.setTextTrackVisibility?.(true); };
    switchRendition = () => {
      const tracks = instance.getVariantTracks();
      const other = tracks.find(track => !track.active);
      instance.configure({ abr: { enabled: false } });
      if (other) instance.selectVariantTrack(other, false);
      return tracks.length;
    };
  } else {
    const instance = dashjs.MediaPlayer().create();
    instance.updateSettings({ debug: { logLevel: 0 } });
    instance.on('error', event => errors.push(`${event.error?.code} ${event.error?.message}`));
    instance.initialize(video, uri, false);
    texts = () => instance.getTracksFor('text').map(track => ({ language: track.lang, label: track.labels?.[0]?.text, roles: track.roles?.map(role => role.value), codecs: track.codec }));
    showText = language => instance.setTextTrack(instance.getTracksFor('text').findIndex(track => track.lang === language || track.id === language));
    switchRendition = () => {
      const levels = instance.getRepresentationsByType ? instance.getRepresentationsByType('video') : instance.getBitrateInfoListFor('video');
      instance.updateSettings({ streaming: { abr: { autoSwitchBitrate: { video: false } } } });
      if (levels.length > 1 && instance.setRepresentationForTypeByIndex) instance.setRepresentationForTypeByIndex('video', levels.length - 1);
      return levels.length;
    };
  }
  video.addEventListener('error', () => errors.push(`media ${video.error?.message}`));
  const ready = await until(() => video.readyState >= 2 || errors.length > 0, 20000);
  if (!ready || errors.length > 0) return { ended: false, errors: errors.length ? errors : ['nothing to show after 20 s'], buffered: [] };
  const startedAt = video.buffered.length ? video.buffered.start(0) : -1;
  const cues = [];
  if (text) {
    showText(text);
    await sleep(500);
    await video.play();
    const seen = new Set();
    for (let end = performance.now() + 30000; !video.ended && performance.now() < end; await sleep(20)) {
      for (const cue of shown()) {
        if (!seen.has(cue.text)) cues.push({ seen: video.currentTime, ...cue });
        seen.add(cue.text);
      }
    }
    video.pause();
    video.currentTime = startedAt;
    await until(() => !video.seeking, 5000);
  }
  video.playbackRate = 2;
  await video.play();
  await until(() => video.currentTime > startedAt + 1, 10000);
  const switches = switchRendition();
  await sleep(300);
  const middle = video.duration / 2;
  video.currentTime = middle;
  const sought = await until(() => !video.seeking && video.currentTime > middle + 0.2, 15000);
  if (!sought) errors.push(`no progress after a seek to ${middle}`);
  const ended = await until(() => video.ended || errors.length > 0, 40000) && video.ended;
  const buffered = [];
  for (let i = 0; i < video.buffered.length; i++) buffered.push([video.buffered.start(i), video.buffered.end(i)]);
  return { ended, errors, buffered, startedAt, currentTime: video.currentTime, duration: video.duration, width: video.videoWidth, height: video.videoHeight, switches, texts: texts(), cues };
}

for await (const line of createInterface({ input: process.stdin })) {
  const { player, manifest, text } = JSON.parse(line);
  const page = await browser.newPage();
  let result;
  try {
    await page.goto(`${origin}/player/page.html`);
    await page.addScriptTag({ url: `/player/${player === 'shaka' ? 'shaka.js' : player === 'hls.js' ? 'hls.js' : 'dash.js'}` });
    result = await page.evaluate(play, { player, text, uri: `${origin}/${manifest.split('/').map(encodeURIComponent).join('/')}` });
  } catch (error) {
    result = { ended: false, errors: [String(error)], buffered: [] };
  }
  await page.close();
  console.log(JSON.stringify({ player, manifest, ...result }));
}
await browser.close();
server.close();
