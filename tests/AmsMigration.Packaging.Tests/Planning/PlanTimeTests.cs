using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using static AmsMigration.Packaging.Tests.Planning.TestPresentation;

namespace AmsMigration.Packaging.Tests.Planning;

public class PlanTimeTests
{
    [Fact]
    public void Video_with_B_pictures_is_decoded_from_its_first_presentation_time_on_without_an_edit_list()
    {
        Rendition video = Plan(Video(FramesWithReordering(10, 61, 1001)) with { MediaTime = 1001 }).Renditions[0];
        byte[] bytes = PlanReader.ReadTrack(video, Source);
        List<PlanReader.ReadSample> samples = PlanReader.ReadSamples(bytes);
        Assert.Equal((0, 0), (samples[0].DecodeTime, samples[0].CompositionOffset));
        Assert.Equal(-1001, samples.Min(s => s.CompositionOffset));
        Assert.Equal(2002, samples.Max(s => s.CompositionOffset));
        List<PlanReader.Box> boxes = PlanReader.ReadBoxes(bytes);
        Assert.DoesNotContain(boxes, b => b.Path.EndsWith("elst"));
        Assert.All(boxes.Where(b => b.Path == "moof/traf/trun"), b => Assert.Equal(1u, b.UInt32(0) >> 24));
        Assert.Contains("cmf2", boxes.Find("ftyp").Text(0, boxes.Find("ftyp").Content.Length));
    }

    [Theory]
    [InlineData(1024, 0)]
    [InlineData(0, -1024)]
    [InlineData(1_000_001_024, 1_000_000_000)]
    public void Audio_priming_stays_in_front_behind_an_edit_list(long mediaTime, long firstDecodeTime)
    {
        Track audio = Audio(Frames(1000, 1024, 1, 0, firstDecodeTime)) with { MediaTime = mediaTime, Delay = 4800 };
        Rendition rendition = Plan(audio).Renditions[0];
        byte[] bytes = PlanReader.ReadTrack(rendition, Source);
        PlanReader.Box elst = PlanReader.ReadBoxes(bytes).Find("moov/trak/edts/elst");
        Assert.Equal((1u, 0u, 1024u), (elst.UInt32(4), elst.UInt32(8), elst.UInt32(12)));
        Assert.Equal(4800, PlanReader.ReadSamples(bytes)[0].DecodeTime);
        Assert.Equal((4800, 999 * 1024), (rendition.Segments[0].Start, rendition.Duration));
    }

    [Fact]
    public void Media_in_front_of_an_edit_is_played_and_all_tracks_move_together()
    {
        Track video = Video(Frames(300, 3003, 30), 90_000) with { MediaTime = 7507 };
        Track audio = Audio(Frames(480, 1024, 1)) with { MediaTime = 1024 };
        PackagingPlan plan = Plan(video, audio);
        Assert.Equal((501, 6000u), plan.Shift);
        PackagingWarning warning = Assert.Single(plan.Warnings);
        Assert.Equal("PresentationShifted", warning.Code);
        Assert.Contains("0.083411 s before", warning.Message);
        Assert.Contains("moved by 0.0835 s", warning.Message);
        Assert.Equal((7515 - 7507, 4008), (plan.Renditions[0].Segments[0].Start, plan.Renditions[1].Segments[0].Start));
        PlanInvariants.Check(plan, Source);
    }

    /// <summary>As the 32 bits of a trun of version 0 would hold them: readers take those above for negative.</summary>
    [Theory]
    [InlineData(-1, int.MaxValue, true)]
    [InlineData(0, int.MaxValue, false)]
    public void Composition_offsets_of_2_to_the_31_are_refused(int first, int second, bool isRefused)
    {
        var samples = new SampleTableBuilder();
        samples.Add(1001, first, 100, true, 0, 0);
        samples.Add(1001, second, 100, false, 0, 100);
        PackagingPlan Make() => Plan(Video(samples.Build()));

        if (isRefused)
        {
            Assert.Equal("CompositionOffsetTooLarge", Assert.Throws<PackagingException>(Make).Code);
        }
        else
        {
            Assert.Equal(int.MaxValue, PlanReader.ReadSamples(PlanReader.ReadTrack(Make().Renditions[0], Source)).Max(sample => sample.CompositionOffset));
        }
    }

    [Fact]
    public void A_shift_that_no_timescale_shares_is_right_to_half_a_tick()
    {
        Track video = Video(Frames(100, 100, 10), 2997) with { MediaTime = 1 };
        PackagingPlan plan = Plan(video, Audio(Frames(480, 1024, 1), 44_100));
        Assert.Equal((1, 2997u), plan.Shift);
        Assert.Equal((0, 15), (plan.Renditions[0].Segments[0].Start, plan.Renditions[1].Segments[0].Start));
    }

    [Fact]
    public void A_long_skip_in_audio_is_an_edit_and_not_priming()
    {
        PackagingPlan plan = Plan(Audio(Frames(480, 1024, 1)) with { MediaTime = 96_000 });
        Assert.Equal((96_000, 48_000u), plan.Shift);
        Assert.Equal("PresentationShifted", Assert.Single(plan.Warnings).Code);
        Assert.DoesNotContain(PlanReader.ReadBoxes(PlanReader.ReadTrack(plan.Renditions[0], Source)), b => b.Path.EndsWith("elst"));
    }

    [Fact]
    public void A_start_that_differs_from_the_other_tracks_is_kept()
    {
        PackagingPlan plan = Plan(Video(Frames(300, 1001, 30)) with { Delay = 2500 }, Audio(Frames(480, 1024, 1)));
        Assert.Empty(plan.Warnings);
        Assert.Equal((2500, 0), (plan.Renditions[0].Segments[0].Start, plan.Renditions[1].Segments[0].Start));
    }

    [Fact]
    public void Times_over_32_bits_are_written_with_64()
    {
        PackagingPlan plan = Plan(Video(Frames(600, 333_333, 60, 0, 5_000_000_000), 10_000_000));
        byte[] bytes = PlanReader.ReadTrack(plan.Renditions[0], Source);
        List<PlanReader.Box> boxes = PlanReader.ReadBoxes(bytes);
        Assert.All(boxes.Where(b => b.Path == "moof/traf/tfdt"), b => Assert.Equal(0x01000000u, b.UInt32(0)));
        Assert.Equal(5_000_000_000, boxes.Find("sidx").Int64(12));
        Assert.Equal(5_000_000_000 + (600 * 333_333), boxes.Find("moov/mvex/mehd").Int64(4));
        PlanInvariants.Check(plan, Source);
    }

    [Fact]
    public void A_gap_too_long_for_an_index_entry_makes_the_index_coarser()
    {
        var samples = new SampleTableBuilder();
        samples.Add(333_333, 0, 10, true, 0, 0);
        samples.SetDecodeTime(6_000_000_000);
        samples.Add(333_333, 0, 10, true, 0, 0);
        PackagingPlan plan = Plan(Video(samples.Build(), 10_000_000));
        PlanReader.Box sidx = PlanReader.ReadBoxes(PlanReader.ReadTrack(plan.Renditions[0], Source)).Find("sidx");
        Assert.Equal((1_000_000u, 600_033_333u), (sidx.UInt32(8), sidx.UInt32(28)));
    }

    [Fact]
    public void Times_in_another_age_are_refused()
    {
        var error = Assert.Throws<PackagingException>(() => Plan(Video(Frames(2, 1, 1, 0, 1L << 61), 90_000)));
        Assert.Equal(("TimeOutOfRange", "talk.mp4"), (error.Code, error.File));
    }

    [Fact]
    public void A_sample_behind_the_end_of_its_file_is_refused_with_its_place()
    {
        var samples = new SampleTableBuilder();
        samples.Add(1, 0, 100, true, 0, Source.Length - 99);
        var error = Assert.Throws<PackagingException>(() => Plan(Video(samples.Build())));
        Assert.Equal(("SampleOutsideFile", "talk.mp4", Source.Length - 99), (error.Code, error.File, error.Offset));
    }
}
