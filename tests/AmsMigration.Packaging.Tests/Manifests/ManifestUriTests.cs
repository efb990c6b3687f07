using AmsMigration.Packaging.Manifests;

namespace AmsMigration.Packaging.Tests.Manifests;

public class ManifestUriTests
{
    [Theory]
    [InlineData("talk.m3u8", "talk/video.m3u8", "talk/video.m3u8")]
    [InlineData("talk/video.m3u8", "talk/video.mp4", "video.mp4")]
    [InlineData("talk/video.m3u8", "talk/video/1.m4s", "video/1.m4s")]
    [InlineData("talk/video.m3u8", "other/video.mp4", "../other/video.mp4")]
    [InlineData("a/a/x", "a/x", "../x")]
    [InlineData("x", "a:b/c", "a%3Ab/c")]
    [InlineData("x", "ä, =?#%/ü", "%C3%A4%2C%20%3D%3F%23%25/%C3%BC")]
    [InlineData("x", "$Number$.m4s", "%24Number%24.m4s")]
    [InlineData("x", "\U0001F3AC~-._", "%F0%9F%8E%AC~-._")]
    public void Reference_is_relative_and_encoded(string from, string to, string expected) =>
        Assert.Equal(expected, ManifestUri.Relative(from, to));

    [Fact]
    public void Reference_leads_back_to_the_file()
    {
        const string Name = "Ünï, = ? # % 100: $Number$ & <x> 'é' (1)";
        var root = new Uri("http://host/");
        var playlist = new Uri(root, ManifestUri.Relative("x", $"{Name}/a.m3u8"));
        var resolved = new Uri(playlist, ManifestUri.Relative($"{Name}/a.m3u8", $"{Name}/b/1.m4s"));
        Assert.Equal($"/{Name}/b/1.m4s", Uri.UnescapeDataString(resolved.AbsolutePath));
    }
}
