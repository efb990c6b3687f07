using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using static AmsMigration.Packaging.Tests.Planning.TestPresentation;

namespace AmsMigration.Packaging.Tests.Planning;

public class RenditionFiguresTests
{
    [Theory]
    [InlineData(24_000, 1001, 24_000, 1001)]
    [InlineData(30, 1, 30, 1)]
    [InlineData(90_000, 3003, 30_000, 1001)]
    [InlineData(10_000_000, 333_333, 30, 1)]
    [InlineData(10_000_000, 333_667, 30_000, 1001)]
    [InlineData(10_000_000, 417_083, 24_000, 1001)]
    [InlineData(12_800, 1024, 25, 2)]
    [InlineData(1000, 70, 100, 7)]
    [InlineData(600, 20, 30, 1)]
    public void A_frame_rate_is_a_fraction_in_lowest_terms(uint timescale, uint duration, long numerator, long denominator) =>
        Assert.Equal((numerator, denominator), RenditionFigures.GetFrameRate(Frames(100, duration, 10), timescale));

    [Theory]
    [InlineData(30, 1)]
    [InlineData(30_000, 1001)]
    [InlineData(24_000, 1001)]
    [InlineData(60_000, 1001)]
    [InlineData(15, 1)]
    public void Durations_that_were_rounded_to_milliseconds_show_the_rate_together(long numerator, long denominator)
    {
        var samples = new SampleTableBuilder();
        for (long i = 0; i < 300; i++)
        {
            long milliseconds = ((i + 1) * 1000 * denominator / numerator) - (i * 1000 * denominator / numerator);
            samples.Add((uint)milliseconds, 0, 1, true, 0, 0);
        }

        Assert.Equal((numerator, denominator), RenditionFigures.GetFrameRate(samples.Build(), 1000));
    }

    [Fact]
    public void A_picture_that_stays_does_not_change_the_rate()
    {
        var samples = new SampleTableBuilder();
        for (int i = 0; i < 100; i++)
        {
            samples.Add(i % 10 == 9 ? 200u : i % 10 == 8 ? 80u : 40u, 0, 1, true, 0, 0);
        }

        Assert.Equal((25, 1), RenditionFigures.GetFrameRate(samples.Build(), 1000));
    }

    [Fact]
    public void Milliseconds_in_a_finer_timescale_show_the_rate_too()
    {
        var samples = new SampleTableBuilder();
        for (int i = 0; i < 329; i++)
        {
            int milliseconds = ((i + 1) * 1001 / 30) - (i * 1001 / 30);
            samples.Add(milliseconds == 34 ? 1019u : 989u, 0, 1, true, 0, 0);
        }

        Assert.Equal((30_000, 1001), RenditionFigures.GetFrameRate(samples.Build(), 29_970));
    }

    [Fact]
    public void Pictures_without_duration_have_no_frame_rate() =>
        Assert.Equal((0, 1), RenditionFigures.GetFrameRate(Frames(3, 0, 1), 90_000));

    [Fact]
    public void Peak_is_the_busiest_stretch_of_half_to_one_and_a_half_target_durations()
    {
        Segment[] segments = [Of(6, 6000), Of(6, 12_000), Of(1, 50_000), Of(6, 6000), Of(6, 600)];
        Assert.Equal((12_000 + 50_000) * 8 / 7 + 1, RenditionFigures.GetPeakBandwidth(segments, 1));
        Assert.Equal(74_600 * 8 / 25, RenditionFigures.GetAverageBandwidth(segments, 1));

        static Segment Of(long duration, long length) => new("x", 0, length, 0, duration, 0, 1);
    }

    [Fact]
    public void One_picture_without_duration_counts_as_a_second()
    {
        Rendition rendition = Plan(Video(Frames(1, 0, 1), 24)).Renditions[0];
        Assert.Equal(0, rendition.Duration);
        Assert.Equal(rendition.Segments[0].Length * 8, rendition.PeakBandwidth);
    }

    [Theory]
    [InlineData(720, 576, 16, 11, 0, 0, 1047, 576)]
    [InlineData(720, 576, 16, 11, 720, 576, 1047, 576)]
    [InlineData(720, 576, 16, 11, 1024, 576, 1024, 576)]
    [InlineData(1920, 1088, 1, 1, 1920, 1080, 1920, 1080)]
    [InlineData(640, 480, 0, 0, 0, 0, 640, 480)]
    public void Size_is_what_is_presented(
        int width, int height, int sarWidth, int sarHeight, uint tkhdWidth, uint tkhdHeight, int shownWidth, int shownHeight)
    {
        SampleDescription description = Describe("avc1", width, height);
        Track video = Video(Frames(1, 1, 1), 24) with
        {
            PresentationWidth = tkhdWidth << 16,
            PresentationHeight = tkhdHeight << 16,
            Descriptions = [description with { Codec = description.Codec with { SarWidth = sarWidth, SarHeight = sarHeight } }],
        };
        Assert.Equal((shownWidth, shownHeight, shownWidth, shownHeight), RenditionFigures.GetSize(video));
    }
}
