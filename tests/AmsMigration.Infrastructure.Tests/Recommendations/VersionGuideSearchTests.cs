using AmsMigration.Infrastructure.Tests.Catalogue;
using AmsMigration.Recommendations;

namespace AmsMigration.Infrastructure.Tests.Recommendations;

public sealed class VersionGuideSearchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-guide-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Code_is_found_with_file_and_line_and_what_is_no_code_of_people_is_passed_over()
    {
        string upload = Write("src/upload.cs", "using x;\n\nIAsset asset = context.Assets.Create(name);\nIChannel live;");
        string script = Write("tools/live.ps1", "$id = 'nb:cid:UUID:8cb39104-122c-496e-9ac5-7f9e2c2547b8'");
        Write("bin/upload.cs", "IAsset");
        Write("src/readme.md", "IAsset");
        Write("src/v3.cs", "MyIAsset IAssets asset channel");

        Dictionary<string, AmsVersionedEntity> found = VersionGuideSearch.Find(ShippedCatalogue.Content, _folder, default).ToDictionary(e => e.V2);

        Assert.Equal(["Asset", "Channel"], found.Keys.Order());
        Assert.Equal([$"{upload}:3", $"{script}:1"], found["Asset"].FoundIn);
        Assert.Equal([$"{upload}:4"], found["Channel"].FoundIn);
        Assert.Equal("LiveEvent", found["Channel"].V3);
        Assert.Contains("30 June 2024", found["Channel"].Statement, StringComparison.Ordinal);
        Assert.Equal("https://learn.microsoft.com/azure/media-services/latest/migrate-v-2-v-3-migration-scenario-based-live-streaming", found["Channel"].Link);
    }

    [Fact]
    public void A_file_is_taken_by_itself_whatever_its_name()
    {
        string notes = Write("notes.txt", "the ILocator of old");

        Assert.Equal(["Locator"], VersionGuideSearch.Find(ShippedCatalogue.Content, notes, default).Select(entity => entity.V2));
    }

    private string Write(string path, string text)
    {
        string file = Path.Combine(_folder, path.Replace('/', Path.DirectorySeparatorChar));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }
}
