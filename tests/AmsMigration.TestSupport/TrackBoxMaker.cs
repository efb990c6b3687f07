namespace AmsMigration.TestSupport;

/// <summary>Makes a 'trak' (ISO/IEC 14496-12 8.3.1).</summary>
internal static class TrackBoxMaker
{
    public static TestBox Make(MadeTrack track, (long Offset, MadeSample[] Samples)[] chunks)
    {
        TestBox tkhd = TestBox.Full("tkhd", 0, track.HeaderFlags).Zeros(8).U32(track.Id).Zeros(8 + 8 + 8);
        foreach (uint value in track.Matrix)
        {
            tkhd.U32(value);
        }

        tkhd.U32(track.Width << 16).U32(track.Height << 16);
        TestBox dinf = new TestBox("dinf").With(TestBox.Full("dref").U32(1).With(TestBox.Full("url ", 0, 1)));
        TestBox media = track.Handler == "soun" ? TestBox.Full("smhd").Zeros(4) : track.Handler == "vide" ? TestBox.Full("vmhd", 0, 1).Zeros(8) : TestBox.Full("nmhd");
        return new TestBox("trak").With(
            tkhd,
            track.Edits is null ? null : new TestBox("edts").With(MakeEditList(track)),
            new TestBox("mdia").With(
                TestBox.Full("mdhd").Zeros(8).U32(track.Timescale).U32(track.Samples.Sum(s => (long)s.Duration)).U16(track.PackedLanguage).U16(0),
                TestBox.Full("hdlr").Zeros(4).Text(track.Handler).Zeros(12).Text(track.HandlerName).U8(0),
                new TestBox("minf").With(media, dinf, MakeTables(track, chunks))));
    }

    private static TestBox MakeEditList(MadeTrack track)
    {
        bool isLong = track.IsLongEditList;
        TestBox elst = TestBox.Full("elst", (byte)(isLong ? 1 : 0)).U32(track.Edits!.Count);
        foreach ((long duration, long mediaTime, uint rate) in track.Edits)
        {
            elst.Wide(isLong, duration).Wide(isLong, mediaTime).U32(rate);
        }

        return elst;
    }

    private static TestBox MakeTables(MadeTrack track, (long Offset, MadeSample[] Samples)[] chunks)
    {
        IList<MadeSample> samples = track.Samples;
        TestBox stsd = TestBox.Full("stsd").U32(track.Entries.Count);
        foreach (byte[] entry in track.Entries)
        {
            stsd.Bytes(entry);
        }

        return new TestBox("stbl").With(
            stsd,
            MakeRuns("stts", 0, [.. samples.Select(s => (long)s.Duration)]),
            samples.Any(s => s.CompositionOffset != 0)
                ? MakeRuns("ctts", track.CompositionVersion ?? (byte)(samples.Any(s => s.CompositionOffset < 0) ? 1 : 0), [.. samples.Select(s => (long)s.CompositionOffset)])
                : null,
            track.HasSyncTable ?? samples.Any(s => !s.IsSync) ? MakeSyncTable(samples) : null,
            MakeChunkMap(chunks),
            track.CompactSizeBits > 0 ? MakeCompactSizes(track) : MakeSizes(samples),
            MakeOffsets(track.HasLargeOffsets, chunks));
    }

    private static TestBox MakeRuns(string type, byte version, long[] values)
    {
        List<(int Count, long Value)> runs = [];
        foreach (long value in values)
        {
            if (runs.Count > 0 && runs[^1].Value == value)
            {
                runs[^1] = (runs[^1].Count + 1, value);
            }
            else
            {
                runs.Add((1, value));
            }
        }

        TestBox box = TestBox.Full(type, version).U32(runs.Count);
        foreach ((int count, long value) in runs)
        {
            box.U32(count).U32(value);
        }

        return box;
    }

    private static TestBox MakeSyncTable(IList<MadeSample> samples)
    {
        int[] numbers = [.. samples.Select((sample, i) => (sample, i)).Where(s => s.sample.IsSync).Select(s => s.i + 1)];
        TestBox stss = TestBox.Full("stss").U32(numbers.Length);
        foreach (int number in numbers)
        {
            stss.U32(number);
        }

        return stss;
    }

    private static TestBox MakeChunkMap((long Offset, MadeSample[] Samples)[] chunks)
    {
        List<(int First, int Count, uint Description)> entries = [];
        for (int i = 0; i < chunks.Length; i++)
        {
            (int Count, uint Description) shape = (chunks[i].Samples.Length, chunks[i].Samples[0].Description);
            if (entries.Count == 0 || (entries[^1].Count, entries[^1].Description) != shape)
            {
                entries.Add((i + 1, shape.Count, shape.Description));
            }
        }

        TestBox stsc = TestBox.Full("stsc").U32(entries.Count);
        foreach ((int first, int count, uint description) in entries)
        {
            stsc.U32(first).U32(count).U32(description);
        }

        return stsc;
    }

    private static TestBox MakeSizes(IList<MadeSample> samples)
    {
        bool isConstant = samples.Count > 1 && samples.All(s => s.Data.Length == samples[0].Data.Length);
        TestBox stsz = TestBox.Full("stsz").U32(isConstant ? samples[0].Data.Length : 0).U32(samples.Count);
        foreach (MadeSample sample in isConstant ? [] : samples)
        {
            stsz.U32(sample.Data.Length);
        }

        return stsz;
    }

    private static TestBox MakeCompactSizes(MadeTrack track)
    {
        int[] sizes = [.. track.Samples.Select(s => s.Data.Length)];
        TestBox stz2 = TestBox.Full("stz2").Zeros(3).U8(track.CompactSizeBits).U32(sizes.Length);
        for (int i = 0; i < sizes.Length; i++)
        {
            switch (track.CompactSizeBits)
            {
                case 4:
                    stz2.U8((sizes[i] << 4) | (i + 1 < sizes.Length ? sizes[i + 1] : 0));
                    i++;
                    break;
                case 8:
                    stz2.U8(sizes[i]);
                    break;
                default:
                    stz2.U16(sizes[i]);
                    break;
            }
        }

        return stz2;
    }

    private static TestBox MakeOffsets(bool isLarge, (long Offset, MadeSample[] Samples)[] chunks)
    {
        TestBox box = TestBox.Full(isLarge ? "co64" : "stco").U32(chunks.Length);
        foreach ((long offset, _) in chunks)
        {
            box.Wide(isLarge, offset);
        }

        return box;
    }
}
