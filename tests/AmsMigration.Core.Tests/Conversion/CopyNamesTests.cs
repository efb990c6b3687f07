using AmsMigration.Conversion;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Core.Tests.Conversion;

public sealed class CopyNamesTests
{
    private static readonly string[] _planned = ["clip/video.mp4", "clip.m3u8"];

    [Theory]
    [InlineData("x, x/y, x/z", "x/y, x/z")]
    [InlineData("x, x/y/z, x/y", "x/y/z")]
    [InlineData("clip, clip/notes.txt", "clip/notes.txt")]
    [InlineData("clip.m3u8/notes.txt, notes.txt", "notes.txt")]
    [InlineData(".amsmigration/claim, .amsmigration", "")]
    [InlineData("A.txt, a.txt, b.txt", "A.txt, a.txt, b.txt")]
    [InlineData("X, x/y", "X, x/y")]
    public void A_folder_takes_the_files_that_can_lie_in_it_together(string files, string possible) => Check(files, possible, isFolder: true, foldsCase: false);

    [Theory]
    [InlineData("A.txt, a.txt, b.txt", "A.txt, b.txt")]
    [InlineData("X, x/y", "x/y")]
    [InlineData("CLIP, Clip.M3U8, Clip/notes.txt, _STATIC.json", "Clip/notes.txt")]
    public void Where_letter_case_makes_no_name_one_of_two_is_copied(string files, string possible) => Check(files, possible, isFolder: true, foldsCase: true);

    [Theory]
    [InlineData("x, x/y, A.txt, a.txt, clip, clip.m3u8/notes.txt", "A.txt, a.txt, clip, clip.m3u8/notes.txt, x, x/y")]
    [InlineData("clip.m3u8, CLIP.m3u8", "CLIP.m3u8")]
    public void A_container_takes_all_that_is_not_the_output_s_own(string files, string possible) => Check(files, possible, isFolder: false, foldsCase: false);

    [Fact]
    public void A_part_that_no_file_system_takes_is_too_long_for_a_folder()
    {
        string longest = new('a', 255);

        Check($"{longest}, b/{longest}b", longest, isFolder: true, foldsCase: false);
        Check($"b/{longest}b", $"b/{longest}b", isFolder: false, foldsCase: false);
    }

    [Fact]
    public void The_file_system_is_asked_only_where_letter_case_matters() =>
        CopyNames.Choose([File("a.txt"), File("b/c.txt")], _planned, isFromContainer: true, isFolder: true, () => throw new InvalidOperationException());

    [Fact]
    public void Whether_letter_case_matters_is_what_the_file_system_does()
    {
        string folder = Directory.CreateTempSubdirectory("amsmigration-case-").FullName;
        try
        {
            bool isFolded = Directory.Exists(folder.ToUpperInvariant());
            Assert.Equal(isFolded, new LocalOutputStore(Path.Combine(folder, "not", "there")).FoldsCase);

            System.IO.File.WriteAllText(Path.Combine(folder, "Notes"), "");
            System.IO.File.WriteAllText(Path.Combine(folder, "nOTES"), "");
            Assert.Equal(isFolded, new LocalOutputStore(folder).FoldsCase);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Check(string files, string possible, bool isFolder, bool foldsCase)
    {
        AssetFile[] all = [.. files.Split(", ").Select(File)];

        (IReadOnlyList<AssetFile> copied, IReadOnlyList<PackagingWarning> refused) = CopyNames.Choose(all, _planned, isFromContainer: true, isFolder, () => foldsCase);

        Assert.Equal(possible, string.Join(", ", copied.Select(file => file.Path)));
        Assert.Equal(all.Except(copied).Select(file => file.Path).Order(StringComparer.Ordinal), refused.Select(warning => warning.File).Order(StringComparer.Ordinal));
        Assert.All(refused, warning => Assert.Equal("NameNotPossible", warning.Code));
    }

    private static AssetFile File(string path) => new(path, 1, "e", DateTimeOffset.UnixEpoch);
}
