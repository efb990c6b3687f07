using AmsMigration.Packaging.Presentations;
using static AmsMigration.Packaging.Tests.Planning.TestPresentation;

namespace AmsMigration.Packaging.Tests;

public class TrackSelectionTests
{
    private static readonly Track _video = Video(Samples());
    private static readonly Track _audio = Audio(Samples());

    [Theory]
    [InlineData("Type", true, "Video", true)]
    [InlineData("type", true, "video", true)]
    [InlineData("Type", true, "Audio", false)]
    [InlineData("Type", false, "Audio", true)]
    [InlineData("Name", true, "Video", true)]
    [InlineData("Name", true, "video2", false)]
    [InlineData("FourCC", true, "AVC1", true)]
    [InlineData("FourCC", true, "H264", true)]
    [InlineData("FourCC", false, "EC-3", true)]
    [InlineData("FourCC", true, "hev1", false)]
    [InlineData("Bitrate", true, "0-2427000", true)]
    [InlineData("Bitrate", true, "1000000", true)]
    [InlineData("Bitrate", true, "1000001-", false)]
    [InlineData("Bitrate", true, "-1000000", true)]
    [InlineData("Bitrate", false, "3000000-5000000", true)]
    [InlineData("Language", true, "und", true)]
    public void A_condition_is_met_or_not(string property, bool isEqual, string value, bool isMet) =>
        Assert.Equal(isMet, new TrackCondition(property, isEqual, value).IsMetBy(_video, 1_000_000));

    [Theory]
    [InlineData("en", true)]
    [InlineData("eng", true)]
    [InlineData("EN", true)]
    [InlineData("de", false)]
    public void Languages_are_the_same_in_two_letters_and_in_three(string value, bool isMet) =>
        Assert.Equal(isMet, new TrackCondition("Language", true, value).IsMetBy(_audio, 0));

    [Theory]
    [InlineData("Unknown", "x")]
    [InlineData("Bitrate", "fast")]
    [InlineData("Bitrate", "1-2-3")]
    [InlineData("Bitrate", "99999999999999999999")]
    public void What_nobody_knows_is_neither_met_nor_unmet(string property, string value)
    {
        Assert.False(new TrackCondition(property, true, value).IsMetBy(_video, 1));
        Assert.False(new TrackCondition(property, false, value).IsMetBy(_video, 1));
    }

    [Fact]
    public void All_conditions_have_to_be_met()
    {
        var type = new TrackCondition("Type", true, "Audio");

        Assert.True(new TrackSelection([type, new TrackCondition("Language", false, "fr")]).Selects(_audio, 0));
        Assert.False(new TrackSelection([type, new TrackCondition("Language", true, "fr")]).Selects(_audio, 0));
        Assert.False(new TrackSelection([type, new TrackCondition("Language", false, "fr")]).Selects(_video, 0));
    }

    /// <summary>10 samples of 1,000 bytes in 10,010 ticks of 30,000 a second.</summary>
    [Fact]
    public void Without_a_figure_in_the_manifest_the_samples_tell_the_bit_rate()
    {
        Assert.Equal(239_761, TrackSelection.BitrateOf(_video));
        Assert.Equal(128_000, TrackSelection.BitrateOf(_video with { NominalBitrate = 128_000 }));
    }

    private static SampleTable Samples()
    {
        var samples = new SampleTableBuilder();
        for (int i = 0; i < 10; i++)
        {
            samples.Add(1001, 0, 1000, true, 0, i * 1000);
        }

        return samples.Build();
    }
}
