using AmsMigration.Assets;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Core.Tests.Assets;

public sealed class LocalAssetsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-assets-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("asset-1", "one/film.mp4", "two/film.mp4")]
    [InlineData("asset-1", "video_1000000/header", "audio_128000/header")]
    [InlineData("asset-1", "event.ism", "video_1000000/header")]
    public void A_folder_of_folders_is_a_download_of_many_assets_unless_they_are_tracks_of_an_archive(string name, params string[] files)
    {
        string folder = Path.Combine(_folder, name);
        foreach (string file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, file))!);
            File.WriteAllText(Path.Combine(folder, file), "");
        }

        IAssetStore[] assets = [.. LocalAssets.Find(folder)];

        Assert.Equal(files[0].StartsWith("one", StringComparison.Ordinal) ? ["one", "two"] : [name], assets.Select(asset => asset.Name));
    }
}
