using AmsMigration.Packaging.Gaps;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Storage;
using AmsMigration.Packaging.Transfer;

namespace AmsMigration.Packaging.Verification;

/// <summary>Compares the samples of an output with those of its source: number, order, time, sync flag, and every byte.</summary>
internal static class SampleComparer
{
    private const int BufferSize = 256 * 1024;

    /// <param name="shift">What was added to presentation times, ticks of <paramref name="expected"/>.</param>
    /// <returns>Samples that are the same.</returns>
    public static async Task<long> CompareAsync(
        Track expected, IAssetStore sourceStore, IReadOnlyList<AssetFile> sourceFiles, CheckedRendition output, long shift, Findings findings,
        IReadOnlyList<ContentKey> keys, CancellationToken cancellation)
    {
        Track actual = output.Track;
        string file = output.Manifest;
        if (output.Decrypt(keys) is not IByteSource samples)
        {
            findings.Add("ContentKeyMissing", file, $"its samples are encrypted and were not compared: the key is not known: {string.Join(", ", actual.KeyIds)}");
            return 0;
        }

        CheckDescriptions(expected, output, file, findings);
        var buffers = new BufferPool(BufferSize);
        using var sourceBytes = new SourceWindow(sourceStore, sourceFiles, buffers, ReadAhead.None);
        using var outputBytes = new SourceWindow(new SingleSourceStore(samples), [new AssetFile(samples.Path, samples.Length)], buffers, ReadAhead.None);
        SampleCursor want = expected.Samples.GetCursor();
        SampleCursor have = actual.Samples.GetCursor();
        byte[]? silence = SilentAac.Create(expected.Descriptions[0].Codec.AacConfiguration);
        long same = 0;
        int added = 0;
        for (; !want.IsEnd && !have.IsEnd; want.MoveNext(), have.MoveNext())
        {
            // Silence that a conversion put where the source has nothing.
            while (silence is not null && IsBefore(have, actual, want, expected, shift)
                && await HoldsAsync(outputBytes, have, silence, cancellation).ConfigureAwait(false) && have.MoveNext())
            {
                added++;
            }

            if (have.IsEnd)
            {
                break;
            }

            long wantTime = expected.ToPresentationTime(want.CompositionTime) + shift;
            long haveTime = actual.ToPresentationTime(have.CompositionTime);
            if (!IsSameTime(wantTime, expected.Timescale, haveTime, actual.Timescale))
            {
                findings.Add(
                    "SampleTime", file, $"sample {want.Index} is presented at {haveTime}/{actual.Timescale} s; expected {wantTime}/{expected.Timescale} s");
                continue;
            }

            if (want.IsSync != have.IsSync)
            {
                findings.Add("SyncFlag", file, $"sample {want.Index} is {(have.IsSync ? "a" : "no")} sync sample; the source says otherwise");
                continue;
            }

            bool isSame = want.File == SampleTable.LiteralFile
                ? await HoldsAsync(outputBytes, have, expected.Samples.GetLiteral(want), cancellation).ConfigureAwait(false)
                : want.Size == have.Size && await SameBytesAsync(sourceBytes, want, outputBytes, have, cancellation).ConfigureAwait(false);
            if (!isSame)
            {
                findings.Add("SampleBytes", file, $"sample {want.Index} has other bytes than the source's");
                continue;
            }

            same++;
        }

        if (actual.Samples.Count - added != expected.Samples.Count)
        {
            findings.Add(
                "SampleCount", file, $"it has {actual.Samples.Count - added} samples; '{expected.SourceFile}' track {expected.SourceTrackId} has {expected.Samples.Count}");
        }

        return same;
    }

    /// <summary>To the tick; of a track that was given coarser ones (<see cref="RoomyClock"/>), to the next of them.</summary>
    private static bool IsSameTime(long want, uint wantTimescale, long have, uint haveTimescale) => haveTimescale >= wantTimescale
        ? TimeMath.Compare(want, wantTimescale, have, haveTimescale) == 0
        : Math.Abs(TimeMath.Rescale(want, wantTimescale, haveTimescale) - have) <= 1;

    private static bool IsBefore(SampleCursor have, Track actual, SampleCursor want, Track expected, long shift) => TimeMath.Compare(
        actual.ToPresentationTime(have.CompositionTime), actual.Timescale,
        expected.ToPresentationTime(want.CompositionTime) + shift, expected.Timescale) < 0;

    private static async Task<bool> HoldsAsync(SourceWindow output, SampleCursor have, byte[] expected, CancellationToken cancellation)
    {
        if (have.Size != expected.Length)
        {
            return false;
        }

        for (int done = 0; done < expected.Length;)
        {
            if (!output.TryFind(0, have.Offset + done, out byte[] actual, out int index, out int count))
            {
                await output.LoadAsync(0, have.Offset + done, expected.Length - done, cancellation).ConfigureAwait(false);
                continue;
            }

            for (int end = done + Math.Min(count, expected.Length - done); done < end; done++, index++)
            {
                if (actual[index] != expected[done])
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>What a decoder and a screen are told.</summary>
    private static void CheckDescriptions(Track expected, CheckedRendition output, string file, Findings findings)
    {
        if (!expected.Descriptions.SelectMany(description => description.Entry).SequenceEqual(output.ClearSampleEntries))
        {
            findings.Add("SampleDescription", file, "its sample entries, which configure the decoder, are not the source's");
        }

        if (!(expected.Matrix ?? []).SequenceEqual(output.Track.Matrix ?? []))
        {
            findings.Add("Matrix", file, "it is shown turned another way than the source");
        }
    }

    private static async Task<bool> SameBytesAsync(
        SourceWindow source, SampleCursor want, SourceWindow output, SampleCursor have, CancellationToken cancellation)
    {
        long done = 0;
        while (done < want.Size)
        {
            long left = want.Size - done;
            if (!source.TryFind(want.File, want.Offset + done, out byte[] expected, out int a, out int expectedCount))
            {
                await source.LoadAsync(want.File, want.Offset + done, left, cancellation).ConfigureAwait(false);
                continue;
            }

            if (!output.TryFind(0, have.Offset + done, out byte[] actual, out int b, out int actualCount))
            {
                await output.LoadAsync(0, have.Offset + done, left, cancellation).ConfigureAwait(false);
                continue;
            }

            int count = (int)Math.Min(left, Math.Min(expectedCount, actualCount));
            for (int i = 0; i < count; i++)
            {
                if (expected[a + i] != actual[b + i])
                {
                    return false;
                }
            }

            done += count;
        }

        return true;
    }

    /// <summary>A store with one file that is open already and stays so.</summary>
    private sealed class SingleSourceStore(IByteSource source) : IAssetStore
    {
        public string Name => source.Path;

        public string Location => source.Path;

        public Task<IReadOnlyList<AssetFile>> ListAsync(CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<AssetFile>>([new AssetFile(source.Path, source.Length)]);

        public Task<IByteSource> OpenAsync(string path, CancellationToken cancellation) => Task.FromResult<IByteSource>(new Borrowed(source));

        private sealed class Borrowed(IByteSource inner) : IByteSource
        {
            public string Path => inner.Path;

            public long Length => inner.Length;

            public Task<int> ReadAsync(long offset, byte[] buffer, int index, int count, CancellationToken cancellation) =>
                inner.ReadAsync(offset, buffer, index, count, cancellation);

            public void Dispose()
            {
                // Whoever opened it disposes it.
            }
        }
    }
}
