// Prints what mp4box reads of a media file: { brands, isFragmented, tracks: [{ codec, timescale, samples }] }.
import { readFileSync } from 'node:fs';
import * as MP4Box from 'mp4box';

const file = (MP4Box.createFile ?? MP4Box.default.createFile)();
file.onError = error => { throw new Error(error); };
file.onReady = info => {
  const counts = info.tracks.map(track => file.getTrackSamplesInfo(track.id).length);
  console.log(JSON.stringify({
    brands: info.brands,
    isFragmented: info.isFragmented,
    tracks: info.tracks.map((track, index) => ({ codec: track.codec, timescale: track.timescale, samples: counts[index] })),
  }));
};
const bytes = readFileSync(process.argv[2]);
const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
buffer.fileStart = 0;
file.appendBuffer(buffer, true);
file.flush();
