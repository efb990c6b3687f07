// What mp4box reads of media files: [{ brands, isFragmented, tracks: [{ codec, timescale, samples, bytes }] }].
import { readFileSync } from 'node:fs';
import { createFile } from 'mp4box';

function readFile(path) {
  const file = createFile();
  file.onError = (module, message) => { throw new Error(`${path}: ${module} ${message}`); };
  const bytes = readFileSync(path);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  buffer.fileStart = 0;
  file.appendBuffer(buffer, true);
  file.flush();
  const info = file.getInfo();
  return {
    brands: info.brands,
    isFragmented: info.isFragmented,
    tracks: info.tracks.map(track => {
      const samples = file.getTrackSamplesInfo(track.id);
      return { codec: track.codec, timescale: track.timescale, samples: samples.length, bytes: samples.reduce((sum, sample) => sum + sample.size, 0) };
    }),
  };
}

export default (...paths) => paths.map(readFile);
