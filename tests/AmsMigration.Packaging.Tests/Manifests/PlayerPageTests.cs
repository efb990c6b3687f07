using System.Text.RegularExpressions;
using AmsMigration.Packaging.Manifests;
using AmsMigration.Packaging.Planning;

namespace AmsMigration.Packaging.Tests.Manifests;

public class PlayerPageTests
{
    [Fact]
    public void Page_comes_last_with_player_and_licence_or_a_warning_says_why_not()
    {
        List<PackagingWarning> warnings = [];
        IReadOnlyList<OutputFile> files = PlayerPageWriter.Write("talk", ["talk"], warnings);
        Assert.Equal(files.Count == 0 ? ["PlayerPageUnavailable"] : [], warnings.Select(w => w.Code));
        Assert.Equal(files.Count == 0 ? [] : ["hls.min.js", "hls.js.LICENSE.txt", "index.html"], files.Select(f => f.Path));
        Assert.All(files, file => Assert.Equal(file.Length, file.Extents.Sum(extent => extent.Length)));
    }

    [Fact]
    public void Page_fetches_nothing_from_elsewhere()
    {
        string page = Page("talk", "talk");
        Assert.DoesNotMatch(new Regex("(https?:)?//[a-z]", RegexOptions.IgnoreCase), page);
        Assert.Equal(["hls.min.js"], Regex.Matches(page, "src=\"([^\"]*)\"").Select(m => m.Groups[1].Value));
    }

    [Fact]
    public void Names_cannot_leave_their_place_in_the_page()
    {
        string page = Page("</title><script>alert(1)</script>", "</script><b>\"'{title}", "ü & 1");
        Assert.Equal(2, Regex.Matches(page, "<script").Count);
        Assert.Equal(2, Regex.Matches(page, "</script>").Count);
        Assert.Contains("&lt;script&gt;alert(1)", page);
        Assert.Contains("uri: \"%C3%BC%20%26%201.m3u8\"", page);
        Assert.Contains("\\u003c/script\\u003e", page);
    }

    private static string Page(string title, params string[] manifestNames)
    {
        IReadOnlyList<OutputFile> files = PlayerPageWriter.Write(title, manifestNames, []);
        Assert.SkipWhen(files.Count == 0, "the library was built without npm");
        return MadeUp.Text(files, "index.html");
    }
}
