// Runs in the browser: the three players behind one face, and what a viewer does with them.
// Each opens a manifest and returns { renditions, select(i), languages(), choose(i), texts(), show(language), events(), thumbnail?(seconds) };
// select drops what is buffered of the rendition before.
// A text is { language, label }. What ends the player goes into closing at once. With access = { address, token } whoever asks there for keys shows the token.
const bufferSeconds = 120;

// Where a player puts sound and picture shows in its buffers alone.
const sources = [];
const addSourceBuffer = MediaSource.prototype.addSourceBuffer;
MediaSource.prototype.addSourceBuffer = function (type) {
  const buffer = addSourceBuffer.call(this, type);
  sources.push({ type: type.split('/')[0], buffer });
  return buffer;
};

const openers = {
  'hls.js': ({ video, uri, errors, access, closing }) => new Promise(resolve => {
    const xhrSetup = (xhr, url) => {
      xhr.open('GET', url, true);
      if (access && url.startsWith(access.address)) xhr.setRequestHeader('Authorization', `Bearer ${access.token}`);
    };
    const hls = new Hls({ maxBufferLength: bufferSeconds, maxMaxBufferLength: bufferSeconds, xhrSetup });
    closing.push(() => hls.destroy());
    // A stall is no more than a busy machine, which the time limits of watch() judge; a change of rendition aborts what is being loaded.
    // Fragments whose pictures are presented later than they are decoded leave a hole of that length behind a discontinuity, which it jumps over.
    const harmless = ['bufferStalledError', 'bufferSeekOverHole', 'bufferNudgeOnStall', 'aborted'];
    hls.on(Hls.Events.ERROR, (_, error) => (harmless.includes(error.details) && !error.fatal) || errors.push(`${error.details} ${error.error?.message ?? error.reason ?? ''}`));
    const events = () => Object.values(hls.levels[Math.max(0, hls.currentLevel)].details?.dateRanges ?? {})
      .map(range => ({ id: range.id, start: range.startTime, end: range.endTime }));
    hls.on(Hls.Events.MANIFEST_PARSED, () => resolve({
      events,
      renditions: hls.levels.map(level => `${level.width}x${level.height}`),
      select: i => { hls.currentLevel = i; },
      languages: () => hls.audioTracks.map(track => track.lang),
      choose: i => { hls.audioTrack = i; },
      texts: () => hls.subtitleTracks.map(track => ({ language: track.lang, label: track.name })),
      show: language => {
        hls.subtitleDisplay = true;
        hls.subtitleTrack = hls.subtitleTracks.findIndex(track => track.lang === language);
        // Captions that lie in the pictures are no track of hls.js.
        [...video.textTracks].filter(track => hls.subtitleTrack < 0 && track.kind === 'captions').forEach(track => { track.mode = 'showing'; });
      },
    }));
    hls.loadSource(uri);
    hls.attachMedia(video);
  }),

  'shaka': async ({ video, uri, errors, text, access, closing }) => {
    shaka.polyfill.installAll();
    const player = new shaka.Player();
    closing.push(() => player.destroy());
    const describe = error => `${error.code} ${(error.data ?? [error.message]).join(' ')}`;
    player.addEventListener('error', event => errors.push(describe(event.detail)));
    player.configure({ streaming: { bufferingGoal: bufferSeconds, bufferBehind: bufferSeconds } });
    // What is chosen when all is buffered already, shaka shows in HLS only after the next segment.
    if (text) player.configure({ preferredText: [{ language: text }] });
    player.getNetworkingEngine().registerRequestFilter((_, request) => {
      if (access && request.uris[0].startsWith(access.address)) request.headers.Authorization = `Bearer ${access.token}`;
    });
    const events = [];
    for (const type of ['timelineregionadded', 'metadataadded']) {
      player.addEventListener(type, ({ detail, id = detail?.id, startTime = detail?.startTime, endTime = detail?.endTime }) => {
        if (!events.some(event => event.id === id && event.start === startTime)) events.push({ id, start: startTime, end: endTime });
      });
    }
    await player.attach(video);
    await player.load(uri).catch(error => errors.push(describe(error)));
    const renditions = player.getVideoTracks();
    const sounds = player.getAudioTracks();
    return {
      events: () => events,
      thumbnail: async seconds => {
        const [track] = player.getImageTracks();
        const found = track && await player.getThumbnails(track.id, seconds);
        return found && { url: found.uris[0], x: found.positionX, y: found.positionY, width: found.width, height: found.height };
      },
      renditions: renditions.map(track => `${track.width}x${track.height}`),
      select: i => { player.selectVideoTrack(renditions[i], true); },
      languages: () => sounds.map(track => track.language),
      choose: i => { player.selectAudioTrack(sounds[i]); },
      texts: () => player.getTextTracks().map(({ language, label }) => ({ language, label })),
      show: language => {
        player.selectTextTrack(player.getTextTracks().find(track => track.language === language || track.originalTextId === language));
        player.setTextTrackVisibility?.(true);
      },
    };
  },

  'dash.js': ({ video, uri, errors, access, closing }) => new Promise(resolve => {
    const player = dashjs.MediaPlayer().create();
    closing.push(() => player.destroy());
    player.updateSettings({
      debug: { logLevel: 0 },
      streaming: { buffer: { bufferTimeDefault: bufferSeconds, bufferTimeAtTopQuality: bufferSeconds, bufferTimeAtTopQualityLongForm: bufferSeconds } },
    });
    player.on('error', event => errors.push(`${event.error?.code} ${event.error?.message}`));
    const events = [];
    player.on('urn:scte:scte35:2014:xml+bin', ({ event }) => events.push({ id: String(event.id), start: event.calculatedPresentationTime, end: event.calculatedPresentationTime + event.duration }));
    player.on('streamInitialized', () => {
      const renditions = player.getRepresentationsByType('video');
      const sounds = player.getTracksFor('audio');
      resolve({
        events: () => events,
        thumbnail: seconds => new Promise(done => player.provideThumbnail(seconds, found => done(found && { url: found.url, x: found.x, y: found.y, width: found.width, height: found.height }))),
        renditions: renditions.map(representation => `${representation.width}x${representation.height}`),
        select: i => {
          player.updateSettings({ streaming: { abr: { autoSwitchBitrate: { video: false } } } });
          player.setRepresentationForTypeByIndex('video', i, true);
        },
        languages: () => sounds.map(track => track.lang),
        choose: i => { player.setCurrentTrack(sounds[i]); },
        texts: () => player.getTracksFor('text').map(track => ({ language: track.lang, label: track.labels?.[0]?.text })),
        show: language => { player.setTextTrack(player.getTracksFor('text').findIndex(track => track.lang === language || track.id === language)); },
      });
    });
    if (access) player.setProtectionData({ 'org.w3.clearkey': { httpRequestHeaders: { Authorization: `Bearer ${access.token}` } } });
    player.initialize(video, uri, false);
  }),
};

// Loads, buffers all of a short film, changes the rendition and the language with seeks to the middle, and plays to the end;
// with a language of texts from the start, and tells what is shown when. Places are seconds to seek to on the way. Briefly: plays to the end and no more. The beginning: tells where sound and picture begin.
async function watch(request) {
  const video = document.createElement('video');
  video.muted = true;
  document.body.replaceChildren(video);
  // What players remember of one film is not to change how they play the next.
  localStorage.clear();
  sources.length = 0;
  const closing = [];
  try {
    return await watchWith({ ...request, video, closing });
  } finally {
    for (const close of closing) await close();
  }
}

async function watchWith({ player, uri, text, places, thumbnails, access, brief, beginning, video, closing }) {
  const errors = [];
  // Only what does not move is late: a busy machine may take its time.
  const until = async (what, condition, seconds) => {
    const state = () => `at ${video.currentTime}, buffered ${JSON.stringify(ranges(video.buffered))}, ${video.readyState}, ${video.videoWidth}x${video.videoHeight}`;
    let [before, since] = [state(), performance.now()];
    while (!condition() && errors.length === 0) {
      if (state() !== before) {
        [before, since] = [state(), performance.now()];
      } else if (performance.now() > since + 1000 * seconds) {
        errors.push(`no ${what}, and for ${seconds} s nothing moved; ${before}`);
      }
      await new Promise(done => setTimeout(done, 20));
    }
  };
  // Not waited for: without a picture to begin with it would take for ever, and what comes next tells what is missing.
  const play = () => { video.play().catch(error => errors.push(String(error))); };
  const seek = async time => {
    video.currentTime = time;
    // A player that has just emptied its buffer to change over may lose a seek that comes on a busy machine; what is not there is not found the second time either.
    let again = performance.now() + 10000;
    await until(`progress after a seek to ${time}`, () => {
      if (video.buffered.length === 0 && performance.now() > again) {
        again = Infinity;
        video.currentTime = time - 0.01;
      }
      return !video.seeking && video.currentTime > time + 0.04;
    }, 30);
  };
  video.addEventListener('error', () => errors.push(`media ${video.error?.message}`));
  let opened;
  openers[player]({ video, uri, errors, text, access, closing }).then(result => { opened = result; }, error => errors.push(String(error)));
  await until('manifest', () => opened, 60);
  await until('first frame', () => video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA, 30);
  if (errors.length > 0) {
    // Without a picture to begin with there is nothing more to tell.
    return { errors, frames: video.getVideoPlaybackQuality().totalVideoFrames };
  }

  if (beginning) {
    play();
    let [before, since] = ['', performance.now()];
    await until('sound and picture', () => {
      const now = JSON.stringify(placed());
      if (now !== before) [before, since] = [now, performance.now()];
      return Object.keys(placed()).length === 2 && performance.now() > since + 1000;
    }, 30);
    return { errors, placed: placed() };
  }

  play();
  await until('end of what is buffered', () => video.buffered.length > 0 && video.buffered.end(video.buffered.length - 1) > video.duration - 0.1, 30);
  const result = { errors, duration: video.duration, buffered: ranges(video.buffered), placed: placed(), sizes: [], languages: opened?.languages() ?? [], texts: opened?.texts() ?? [] };
  if (errors.length > 0) {
    return result;
  }

  result.thumbnails = await Promise.all((thumbnails ?? []).map(async seconds => {
    const found = await opened.thumbnail(seconds);
    const picture = found && await createImageBitmap(await (await fetch(found.url)).blob());
    return found && { ...found, url: decodeURIComponent(found.url.split('/').pop()), sheetWidth: picture.width };
  }));

  play();
  await until('progress from the start', () => video.currentTime > result.buffered[0][0] + 0.2, 30);
  const toTheEnd = async rate => {
    video.playbackRate = rate;
    // Players sometimes forget to tell the browser after a seek that there is no more: its decoder then waits for ever in front of the last few pictures.
    const isAtTheEnd = seconds => video.currentTime > video.duration - seconds;
    let [last, since] = [0, performance.now()];
    await until('end', () => {
      if (video.currentTime !== last) [last, since] = [video.currentTime, performance.now()];
      return video.ended || isAtTheEnd(0.02) || isAtTheEnd(0.2) && performance.now() > since + 3000;
    }, 30);
  };
  const lookAtText = async () => {
    video.currentTime = 0;
    // Before the first picture a player may still be moving its cues to where the presentation begins.
    const hasStarted = () => video.currentTime > 0 && video.readyState >= 2;
    const look = () => hasStarted() && cuesIn(video, 'activeCues').filter(cue => !shown.has(cue.text)).forEach(cue => shown.set(cue.text, { ...cue, seen: video.currentTime }));
    const looking = setInterval(look, 20);
    closing.push(() => clearInterval(looking));
    await until('start of the text', () => !video.seeking && video.currentTime < middle, 30);
    await toTheEnd(1.5);
    clearInterval(looking);
  };
  const summary = () => {
    const { totalVideoFrames, corruptedVideoFrames } = video.getVideoPlaybackQuality();
    return { ended: true, width: video.videoWidth, height: video.videoHeight, frames: totalVideoFrames, corrupted: corruptedVideoFrames, endedAt: video.currentTime, events: opened.events() };
  };
  if (brief) {
    await toTheEnd(4);
    return { ...result, ...summary() };
  }

  const middle = video.duration / 2;
  const last = opened.renditions.length - 1;
  for (const i of last > 0 ? new Set([0, last >> 1, last]) : []) {
    opened.select(i);
    await seek(middle);
    const seen = () => `${video.videoWidth}x${video.videoHeight}`;
    const shows = () => seen() === opened.renditions[i];
    await until(`picture of ${opened.renditions[i]}`, () => shows() || video.ended, 30);
    // On a busy machine all of a short film may be over before the player has changed over: once more from the middle, where it now is the other one.
    if (!shows() && errors.length === 0) {
      play();
      await seek(middle);
      await until(`picture of ${opened.renditions[i]}`, shows, 30);
    }
    result.sizes.push(seen());
  }

  for (let i = result.languages.length - 1; i >= 0 && result.languages.length > 1; i--) {
    opened.choose(i);
    await seek(middle);
  }

  for (const place of places ?? []) {
    await seek(place);
  }

  const shown = new Map();
  if (text) {
    opened.show(text);
    await lookAtText();
    // A busy machine may look away for as long as a cue lasts; what a player never shows, it does not show the second time either.
    if (cuesIn(video, 'cues').some(cue => !shown.has(cue.text)) && errors.length === 0) {
      play();
      await lookAtText();
    }
  } else {
    await seek(middle);
    await toTheEnd(4);
  }

  return { ...result, ...summary(), cues: [...shown.values()] };
}

function cuesIn(video, list) {
  return [...video.textTracks].filter(track => track.mode !== 'disabled').flatMap(track => [...(track[list] ?? [])])
    .map(cue => ({ text: cue.text ?? cue.cueHTMLElement?.textContent, start: cue.startTime, end: cue.endTime }));
}

// From when to when, for each kind of media that is buffered by itself.
function placed() {
  const filled = sources.map(({ type, buffer }) => [type, ranges(buffer.buffered).flat()]).filter(([, times]) => times.length > 0);
  return Object.fromEntries(filled.map(([type, times]) => [type, [times[0], times.at(-1)]]));
}

function ranges(buffered) {
  return Array.from({ length: buffered.length }, (_, i) => [buffered.start(i), buffered.end(i)]);
}
