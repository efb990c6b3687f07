using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using static AmsMigration.Packaging.Tests.Planning.TestPresentation;

namespace AmsMigration.Packaging.Tests.Planning;

public class PlanSegmentTests
{
    [Fact]
    public void Segments_begin_where_every_video_rendition_has_a_sync_sample()
    {
        PackagingPlan plan = Plan(Video(Frames(720, 1, 24), 24), Video(Frames(720, 1000, 36), 24_000), Audio(Frames(1407, 1024, 1)));
        double[] expected = [0, 6, 12, 18, 24];
        Assert.Equal(expected, Starts(plan.Renditions[0]));
        Assert.Equal(expected, Starts(plan.Renditions[1]));
        Assert.All(Starts(plan.Renditions[2]).Zip(expected), pair => Assert.InRange(pair.First - pair.Second, -0.0107, 0.0107));
        Assert.Empty(plan.Warnings);
    }

    [Fact]
    public void A_cut_waits_for_the_next_sync_sample_that_all_share()
    {
        PackagingPlan plan = Plan(Video(Frames(960, 1, 96), 24), Video(Frames(960, 1, 72), 24));
        Assert.Equal([0, 12, 24, 36], Starts(plan.Renditions[0]));
        Assert.Equal([0, 12, 24, 36], Starts(plan.Renditions[1]));
        Assert.Empty(plan.Warnings);
    }

    [Fact]
    public void Sync_samples_less_than_half_a_frame_apart_are_the_same_place()
    {
        PackagingPlan plan = Plan(Video(Frames(720, 1001, 48), 24_000), Video(Frames(720, 417_083, 48), 10_000_000));
        Assert.Equal(5, plan.Renditions[0].Segments.Count);
        Assert.Equal(plan.Renditions[0].Segments.Select(s => s.FirstFragment), plan.Renditions[1].Segments.Select(s => s.FirstFragment));
    }

    [Fact]
    public void Renditions_without_common_sync_samples_are_cut_on_their_own_and_it_is_said()
    {
        Track video = Video(Frames(2400, 1, 48), 24);
        PackagingPlan plan = Plan(video, video with { MediaTime = -12 }, Audio(Frames(4687, 1024, 1)));
        Assert.Equal("UnalignedRenditions", Assert.Single(plan.Warnings).Code);
        Assert.Equal([0, 6, 12], Starts(plan.Renditions[0]).Take(3));
        Assert.Equal([0.5, 6.5, 12.5], Starts(plan.Renditions[1]).Take(3));
        Assert.InRange(Starts(plan.Renditions[2])[1], 5.98, 6.02);
    }

    [Fact]
    public void Groups_that_do_not_share_sync_samples_stay_aligned_in_themselves()
    {
        Track other = Video(Frames(2400, 1, 48), 24) with { MediaTime = -12, Label = "sign language" };
        PackagingPlan plan = Plan(other, other, Video(Frames(2400, 1, 48), 24), Video(Frames(2400, 1, 72), 24));
        Assert.Contains("each group", Assert.Single(plan.Warnings).Message);
        Assert.Equal(Starts(plan.Renditions[0]), Starts(plan.Renditions[1]));
        Assert.Equal([0, 6, 12], Starts(plan.Renditions[3]).Take(3));
    }

    [Fact]
    public void A_rendition_that_ends_earlier_does_not_stop_the_cuts_of_the_others()
    {
        PackagingPlan plan = Plan(Video(Frames(240, 1, 48), 24), Video(Frames(720, 1, 48), 24));
        Assert.Equal([0, 6], Starts(plan.Renditions[0]));
        Assert.Equal([0, 6, 12, 18, 24], Starts(plan.Renditions[1]));
    }

    [Fact]
    public void Pictures_longer_than_segments_are_segments_of_their_own()
    {
        PackagingPlan plan = Plan(Video(Frames(5, 30, 1), 1), Audio(Frames(7000, 1024, 1)));
        Assert.Equal([0, 30, 60, 90, 120], Starts(plan.Renditions[0]));
        Assert.Equal([0, 30, 60, 90, 120], Starts(plan.Renditions[1]).Select(s => Math.Round(s)));
    }

    [Fact]
    public void Audio_that_plays_longer_than_the_video_is_cut_to_its_end()
    {
        PackagingPlan plan = Plan(Video(Frames(1, 24, 1), 24), Audio(Frames(1500, 1024, 1)));
        Assert.Equal([0, 6, 12, 18, 24, 30], Starts(plan.Renditions[1]).Select(s => Math.Round(s)));
        Assert.Single(plan.Renditions[0].Segments);
    }

    [Fact]
    public void Audio_that_plays_before_the_video_is_cut_from_its_start()
    {
        PackagingPlan plan = Plan(Video(Frames(480, 1, 24), 24) with { Delay = 24 * 20 }, Audio(Frames(1875, 1024, 1)));
        Assert.Equal([20, 24, 30, 36], Starts(plan.Renditions[0]));
        Assert.Equal([0, 6, 12, 18, 24, 30, 36], Starts(plan.Renditions[1]).Select(s => Math.Round(s)));
    }

    [Fact]
    public void All_audio_is_cut_at_the_same_times_and_does_not_drift()
    {
        PackagingPlan plan = Plan(Audio(Frames(4700, 1024, 1)), Audio(Frames(4319, 1024, 1), 44_100, "de"));
        foreach (Rendition rendition in plan.Renditions)
        {
            Assert.All(Starts(rendition).Select((start, i) => start - (i * 6)), difference => Assert.InRange(difference, -0.02, 0.02));
            Assert.Equal(17, rendition.Segments.Count);
        }
    }

    [Theory]
    [InlineData(283, 1)]
    [InlineData(300, 1)]
    [InlineData(310, 2)]
    public void A_short_rest_of_audio_goes_into_the_segment_before(int samples, int segments) =>
        Assert.Equal(segments, Plan(Audio(Frames(samples, 1024, 1))).Renditions[0].Segments.Count);

    [Fact]
    public void A_last_segment_of_one_sample_is_never_left()
    {
        Rendition text = Plan(Video(Frames(240, 1, 24), 24), Text(Frames(7, 1500, 1))).Renditions[1];
        Assert.Equal([0, 6], Starts(text));
        text = Plan(Video(Frames(240, 1, 24), 24), Text(Frames(5, 1500, 1))).Renditions[1];
        Assert.Equal([0], Starts(text));
    }

    [Fact]
    public void A_gap_of_years_makes_no_flood_of_segments()
    {
        var samples = new SampleTableBuilder();
        for (int i = 0; i < 100; i++)
        {
            samples.SetDecodeTime(i * 500_000_000L);
            samples.Add(1, 0, 10, true, 0, 0);
        }

        Assert.InRange(Plan(Audio(samples.Build(), 1)).Renditions[0].Segments.Count, 50, 100);
        Assert.InRange(Plan(Video(samples.Build(), 1)).Renditions[0].Segments.Count, 50, 100);
    }

    [Fact]
    public void More_segments_than_an_index_holds_are_lengthened()
    {
        Track audio = Audio(Frames(80_000, 1024, 1));
        PackagingPlan plan = Plan(OutputLayout.SingleFile, 0.02, audio);
        Assert.Equal("SegmentsLengthened", Assert.Single(plan.Warnings).Code);
        Assert.InRange(plan.Renditions[0].Segments.Count, 30_000, 65_535);
        Assert.InRange(Plan(OutputLayout.Segmented, 0.02, audio).Renditions[0].Segments.Count, 65_536, 80_000);
    }

    [Fact]
    public void A_fragment_is_a_group_of_pictures_but_half_a_second_at_least()
    {
        Assert.All(Plan(Video(Frames(480, 1, 48), 24)).Renditions[0].Fragments, f => Assert.Equal(48, f.SampleCount));
        Assert.All(Plan(Video(Frames(480, 1, 1), 24)).Renditions[0].Fragments, f => Assert.Equal(12, f.SampleCount));
        Assert.All(Plan(Video(Frames(480, 1, 8), 24)).Renditions[0].Fragments, f => Assert.Equal(16, f.SampleCount));
    }

    [Fact]
    public void A_fragment_ends_at_a_gap_and_at_another_sample_description()
    {
        var samples = new SampleTableBuilder();
        for (int i = 0; i < 90; i++)
        {
            samples.SetDecodeTime(i < 30 ? i : i + 100);
            samples.Add(1, 0, 10, i == 0, 0, 0, i < 60 ? 0 : 1);
        }

        Track video = Video(samples.Build(), 24);
        PackagingPlan plan = Plan(video with { Descriptions = [video.Descriptions[0], video.Descriptions[0]] });
        Assert.Equal([0, 30, 60], plan.Renditions[0].Fragments.Select(f => f.FirstSample));
        Assert.Equal([true, false, false], plan.Renditions[0].Fragments.Select(f => f.IsSync));
        PlanInvariants.Check(plan, Source);
    }

    [Fact]
    public void Samples_in_front_of_the_first_sync_sample_are_kept_and_it_is_said()
    {
        var samples = new SampleTableBuilder();
        for (int i = 0; i < 240; i++)
        {
            samples.Add(1, 0, 10, i % 48 == 5, 0, 0);
        }

        PackagingPlan plan = Plan(Video(samples.Build(), 24));
        Assert.Equal("NoSyncAtStart", Assert.Single(plan.Warnings).Code);
        Assert.Equal([(0, false), (5, true)], plan.Renditions[0].Fragments.Take(2).Select(f => (f.FirstSample, f.IsSync)));
        PlanInvariants.Check(plan, Source);
    }

    [Fact]
    public void A_group_that_starts_with_leading_pictures_says_so_in_the_index()
    {
        var samples = new SampleTableBuilder();
        for (int i = 0; i < 480; i++)
        {
            int offset = i % 24 == 0 ? 2 : i % 24 < 3 && i > 24 ? -1 : 0;
            samples.Add(1, offset + 1, 10, i % 24 == 0, 0, 0);
        }

        byte[] bytes = PlanReader.ReadTrack(Plan(Video(samples.Build(), 24)).Renditions[0], Source);
        PlanReader.Box sidx = PlanReader.ReadBoxes(bytes).Find("sidx");
        Assert.Equal(0xB0000000u, sidx.UInt32(24 + 12 + 8));
    }

    [Fact]
    public void Sparse_sync_flags_of_audio_are_respected_within_reason()
    {
        PackagingPlan plan = Plan(Audio(Frames(2000, 1024, 100)), Audio(Frames(2000, 1024, 100_000)));
        Assert.All(plan.Renditions[0].Segments, s => Assert.Equal(0, plan.Renditions[0].Fragments[s.FirstFragment].FirstSample % 100));
        Assert.InRange(plan.Renditions[1].Segments.Count, 3, 8);
    }

    [Fact]
    public void A_payload_over_a_gigabyte_is_split()
    {
        var samples = new SampleTableBuilder();
        for (int i = 0; i < 5; i++)
        {
            samples.Add(1, 0, 900_000_000, i == 0, 1, i * 900_000_000L);
        }

        PackagingPlan plan = Plan(Video(samples.Build(), 24));
        Assert.Equal(5, plan.Renditions[0].Fragments.Count);
        Assert.Equal([2, 2, 1], plan.Renditions[0].Segments.Select(s => s.FragmentCount));
        Assert.Contains(plan.Warnings, w => w.Code == "SegmentSplit");
    }

    [Fact]
    public void A_sample_that_no_index_can_name_is_refused()
    {
        var samples = new SampleTableBuilder();
        samples.Add(1, 0, uint.MaxValue, true, 1, 0);
        Assert.Equal("FragmentTooLarge", Assert.Throws<PackagingException>(() => Plan(Video(samples.Build(), 24))).Code);
    }

    [Fact]
    public void A_sample_of_four_gigabytes_gets_a_media_box_of_64_bits()
    {
        var samples = new SampleTableBuilder();
        samples.Add(1, 0, uint.MaxValue, true, 1, 0);
        OutputFile file = Plan(OutputLayout.Segmented, 6, Video(samples.Build(), 24)).Renditions[0].Files[1];
        byte[] header = file.Extents.ElementAt(1).Literal!;
        Assert.Equal([0, 0, 0, 1, .. "mdat"u8, 0, 0, 0, 1, 0, 0, 0, 15], header[^16..]);
        Assert.Equal(file.Length, file.Extents.Sum(e => e.Length));
    }

    private static double[] Starts(Rendition rendition) => [.. rendition.Segments.Select(s => s.Start / (double)rendition.Track.Timescale)];
}
