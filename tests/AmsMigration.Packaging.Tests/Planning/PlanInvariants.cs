using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;

namespace AmsMigration.Packaging.Tests.Planning;

/// <summary>What is true of every plan, whatever the presentation.</summary>
internal static class PlanInvariants
{
    public static void Check(PackagingPlan plan, byte[] source)
    {
        Assert.Equal(plan.Files.Count(), plan.Files.Select(f => f.Path.ToLowerInvariant()).Distinct().Count());
        foreach (Rendition rendition in plan.Renditions)
        {
            CheckSamples(plan, rendition, source);
            CheckFragments(rendition);
            CheckSegments(plan, rendition);
        }
    }

    /// <summary>Our own reader finds every sample of an audio or video track with its bytes, at its time, as the source had it.</summary>
    public static async Task CheckReadBackAsync(PackagingPlan plan, Rendition rendition, byte[] source)
    {
        byte[] bytes = PlanReader.ReadTrack(rendition, source);
        MediaFileContent media = await Mp4Reader.ReadAsync(new MemorySource("track.mp4", bytes), 0, CancellationToken.None);
        Track expected = rendition.Track;
        Track actual = Assert.Single(media.Tracks);
        Assert.Equal((expected.Kind, expected.Timescale, expected.RollDistance), (actual.Kind, actual.Timescale, actual.RollDistance));
        Assert.Equal((expected.Language, expected.Samples.Count), (actual.Language, actual.Samples.Count));
        Assert.Equal(expected.Descriptions.Select(d => d.Codec.CodecString), actual.Descriptions.Select(d => d.Codec.CodecString));
        long shift = TimeMath.Rescale(plan.Shift.Value, plan.Shift.Timescale, expected.Timescale);
        SampleCursor written = expected.Samples.GetCursor();
        SampleCursor read = actual.Samples.GetCursor();
        for (; !written.IsEnd; written.MoveNext(), read.MoveNext())
        {
            Assert.Equal(expected.ToPresentationTime(written.CompositionTime) + shift, actual.ToPresentationTime(read.CompositionTime));
            Assert.Equal((written.Size, written.Description), (read.Size, read.Description));
            Assert.True(written.IsSync == read.IsSync || expected.Kind == TrackKind.Audio);
            ReadOnlySpan<byte> content = source.AsSpan((int)written.Offset, (int)written.Size);
            Assert.True(content.SequenceEqual(bytes.AsSpan((int)read.Offset, (int)read.Size)));
        }
    }

    private static void CheckSamples(PackagingPlan plan, Rendition rendition, byte[] source)
    {
        byte[] bytes = PlanReader.ReadTrack(rendition, source);
        List<PlanReader.Box> boxes = PlanReader.ReadBoxes(bytes);
        PlanReader.Box? elst = boxes.SingleOrDefault(b => b.Path == "moov/trak/edts/elst");
        long mediaTime = elst?.UInt32(12) ?? 0;
        List<PlanReader.ReadSample> samples = PlanReader.ReadSamples(bytes);
        Track track = rendition.Track;
        Assert.Equal(track.Samples.Count, samples.Count);
        long shift = TimeMath.Rescale(plan.Shift.Value, plan.Shift.Timescale, track.Timescale);
        SampleCursor expected = track.Samples.GetCursor();
        foreach (PlanReader.ReadSample sample in samples)
        {
            Assert.Equal(track.ToPresentationTime(expected.CompositionTime) + shift, sample.CompositionTime - mediaTime);
            Assert.Equal(
                (expected.Duration, expected.IsSync, expected.Description + 1), (sample.Duration, sample.IsSync, sample.Description));
            Assert.True(source.AsSpan((int)expected.Offset, (int)expected.Size).SequenceEqual(sample.Bytes));
            expected.MoveNext();
        }

        Assert.True(expected.IsEnd);
        Assert.Equal(
            rendition.Fragments.Select(f => (f.FirstSample, f.DecodeTime)),
            rendition.Fragments.Select(f => (f.FirstSample, samples[f.FirstSample].DecodeTime)));
        CheckIndex(rendition, boxes);
    }

    private static void CheckIndex(Rendition rendition, List<PlanReader.Box> boxes)
    {
        PlanReader.Box? sidx = boxes.SingleOrDefault(b => b.Path == "sidx");
        if (sidx is null)
        {
            Assert.Equal(0, rendition.IndexLength);
            Assert.Equal(rendition.Segments.Count, boxes.Count(b => b.Path == "styp"));
            return;
        }

        Assert.Equal(rendition.InitLength, sidx.Offset);
        Assert.Equal(rendition.IndexLength, sidx.Content.Length + 8);
        bool isLong = sidx.UInt32(0) != 0;
        uint timescale = sidx.UInt32(8);
        long time = isLong ? sidx.Int64(12) : sidx.UInt32(12);
        int references = isLong ? 28 : 20;
        Assert.Equal(rendition.Segments.Count, sidx.UInt16(references + 2));
        long offset = rendition.InitLength + rendition.IndexLength;
        for (int i = 0; i < rendition.Segments.Count; i++)
        {
            Segment segment = rendition.Segments[i];
            int at = references + 4 + (12 * i);
            Assert.Equal(segment.Offset, offset);
            Assert.Equal(segment.Length, sidx.UInt32(at));
            Assert.Equal(TimeMath.Rescale(segment.Start, rendition.Track.Timescale, timescale), time);
            Assert.Equal(rendition.Fragments[segment.FirstFragment].IsSync, sidx.UInt32(at + 8) >> 31 == 1);
            offset += segment.Length;
            time += sidx.UInt32(at + 4);
        }

        Assert.Equal(rendition.Files[0].Length, offset);
    }

    private static void CheckFragments(Rendition rendition)
    {
        int sample = 0;
        foreach (Fragment fragment in rendition.Fragments)
        {
            Assert.Equal(sample, fragment.FirstSample);
            sample += fragment.SampleCount;
            SampleCursor cursor = rendition.Track.Samples.GetCursor(fragment.FirstSample);
            Assert.Equal((fragment.IsSync, fragment.FirstSampleSize), (cursor.IsSync, cursor.Size));
            long time = cursor.DecodeTime;
            int description = cursor.Description;
            for (int i = 0; i < fragment.SampleCount; i++, cursor.MoveNext())
            {
                Assert.Equal((time, description), (cursor.DecodeTime, cursor.Description));
                time += cursor.Duration;
            }
        }

        Assert.Equal(rendition.Track.Samples.Count, sample);
    }

    private static void CheckSegments(PackagingPlan plan, Rendition rendition)
    {
        int fragment = 0;
        long time = rendition.Segments[0].Start;
        Assert.True(time >= 0);
        foreach (Segment segment in rendition.Segments)
        {
            Assert.Equal((fragment, time), (segment.FirstFragment, segment.Start));
            Assert.True(segment.Duration >= 0 && segment.FragmentCount > 0);
            fragment += segment.FragmentCount;
            time += segment.Duration;
        }

        Assert.Equal(rendition.Fragments.Count, fragment);
        Assert.Equal(rendition.Duration, time - rendition.Segments[0].Start);
        Assert.True(rendition.PeakBandwidth >= rendition.AverageBandwidth);
        if (plan.Options.Layout == OutputLayout.Segmented)
        {
            Assert.Equal(rendition.Segments.Select(s => s.Path), rendition.Files.Skip(1).Select(f => f.Path));
        }
    }
}
