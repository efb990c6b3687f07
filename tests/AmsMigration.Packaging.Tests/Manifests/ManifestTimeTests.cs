using AmsMigration.Packaging.Manifests;

namespace AmsMigration.Packaging.Tests.Manifests;

public class ManifestTimeTests
{
    [Theory]
    [InlineData("PT0S", 0)]
    [InlineData("PT70.315S", 70_315_000)]
    [InlineData("PT21904333211.640S", 21_904_333_211_640_000)]
    [InlineData("PT1M2S", 62_000_000)]
    [InlineData("P1DT0.5S", 86_400_500_000)]
    public void Durations_are_read_however_long_they_are(string text, long microseconds) =>
        Assert.Equal(microseconds, ManifestTime.FromDuration(text));

    [Theory]
    [InlineData("PT99999999999999S")]
    [InlineData("PT1H99999999999S")]
    [InlineData("PT-1,5S")]
    [InlineData("70.315")]
    [InlineData("")]
    public void What_is_no_duration_or_too_long_is_a_format_error(string text) =>
        Assert.Throws<FormatException>(() => ManifestTime.FromDuration(text));

    [Theory]
    [InlineData(1, 3u)]
    [InlineData(6_310_000_000_000, 90_000u)]
    public void What_is_written_is_read_again_to_the_millisecond(long value, uint timescale) =>
        Assert.InRange(ManifestTime.FromDuration(ManifestTime.ToDuration(value, timescale)) - (value * 1_000_000m / timescale), 0, 1000);
}
