using AmsMigration.Infrastructure.StreamingUrls;
using AmsMigration.Packaging;
using AmsMigration.StreamingUrls;
using AmsMigration.TestSupport;

namespace AmsMigration.Infrastructure.Tests.StreamingUrls;

public class MapReaderTests
{
    [Fact]
    public void Both_tables_of_a_map_say_the_same()
    {
        string golden = Path.Combine(Repository.Root, "tests", "fixtures", "golden", "streaming-urls");

        IReadOnlyList<AmsStreamingUrlMapEntry> json = MapReader.Read(Path.Combine(golden, "streaming-urls.json"));
        IReadOnlyList<AmsStreamingUrlMapEntry> csv = MapReader.Read(Path.Combine(golden, "streaming-urls.csv"));

        Assert.NotEmpty(json);
        Assert.Equivalent(json, csv, strict: true);
        Assert.Contains(json, entry => entry is { NewUrl: null, Target: AmsStreamingUrlTarget.None, Note: not null });
        Assert.Contains(json, entry => entry is { Protocol: AmsStreamingProtocol.Dash, Target: AmsStreamingUrlTarget.Presentation });
    }

    [Theory]
    [InlineData("[{\"newUrl\": \"x\"}]")]
    [InlineData("[1]")]
    [InlineData("[{]")]
    [InlineData("Address,Name\nx,y\n")]
    public void What_is_no_map_is_refused(string content)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, content);
            Assert.Equal("MapUnreadable", Assert.Throws<PackagingException>(() => MapReader.Read(path)).Code);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
