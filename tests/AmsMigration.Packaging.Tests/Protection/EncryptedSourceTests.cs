using System.Security.Cryptography;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Protection.Reading;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Storage;
using AmsMigration.TestSupport;

namespace AmsMigration.Packaging.Tests.Protection;

public class EncryptedSourceTests
{
    public enum Kind
    {
        Cenc,
        Cbcs,
        Piff,
    }

    public static MatrixTheoryData<Kind, TrackKind> Fragmented => new([Kind.Cenc, Kind.Cbcs, Kind.Piff], [TrackKind.Video, TrackKind.Audio]);

    [Theory]
    [MemberData(nameof(Fragmented))]
    public async Task Fragments_are_decrypted_to_the_samples_that_they_were_made_of(Kind kind, TrackKind track)
    {
        byte[] file = await MakeAsync(kind, track);

        Assert.Equal(await ClearAsync(track), Assert.Single(await ReadAsync(file)));
        Assert.Equal(kind == Kind.Piff, file.AsSpan().IndexOf("piff"u8) >= 0);
    }

    [Fact]
    public async Task A_file_without_fragments_is_decrypted_to_the_samples_that_it_was_made_of() => Assert.Equal(
        [await ClearAsync(TrackKind.Video), await ClearAsync(TrackKind.Audio)],
        await ReadAsync(await File.ReadAllBytesAsync(EncryptedFile.Progressive)));

    /// <summary>What of it is there is still decrypted: the vectors of all samples stand at the front.</summary>
    [Fact]
    public async Task A_file_without_fragments_that_is_cut_keeps_its_first_samples()
    {
        byte[] file = await File.ReadAllBytesAsync(EncryptedFile.Progressive);

        MediaFileContent content = Mp4.Mp4Reading.Read(file[..(file.Length - 5000)]);

        Assert.All(content.Tracks, track => Assert.NotEmpty(track.KeyIds));
        Assert.Contains("TruncatedMedia", content.Warnings.Select(warning => warning.Code));
    }

    [Theory]
    [InlineData(Kind.Cenc)]
    [InlineData(Kind.Piff)]
    public async Task Without_the_key_its_id_is_told(Kind kind)
    {
        MemoryAssetStore store = new MemoryAssetStore("talk").With("talk.mp4", await MakeAsync(kind, TrackKind.Video));

        AssetContent content = await AssetReader.ReadAsync(store, default, []);

        Assert.Empty(content.Presentations);
        Assert.Equal([EncryptedFile.Key.Id], Assert.Single(content.LeftOut).MissingKeyIds);
    }

    private static async Task<byte[]> MakeAsync(Kind kind, TrackKind track)
    {
        byte[] file = await EncryptedFile.MakeAsync(kind == Kind.Cbcs ? ProtectionScheme.Cbcs : ProtectionScheme.Cenc, track);
        return kind == Kind.Piff ? EncryptedFile.ToPiff(file) : file;
    }

    private static async Task<string> ClearAsync(TrackKind kind) => (await ReadAsync(await File.ReadAllBytesAsync(EncryptedFile.Clear)))[kind == TrackKind.Video ? 0 : 1];

    /// <summary>A hash of all samples of each track, one behind the other.</summary>
    private static async Task<string[]> ReadAsync(byte[] file)
    {
        MemoryAssetStore store = new MemoryAssetStore("talk").With("talk.mp4", file);
        AssetContent content = await AssetReader.ReadAsync(store, default, [EncryptedFile.Key]);
        using IByteSource source = await DecryptingStore.Of(store, content.Presentations, [EncryptedFile.Key]).OpenAsync("talk.mp4", default);
        List<string> hashes = [];
        foreach (Track track in Assert.Single(content.Presentations).Tracks)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (SampleCursor sample = track.Samples.GetCursor(); !sample.IsEnd; sample.MoveNext())
            {
                var bytes = new byte[sample.Size];
                Assert.Equal(bytes.Length, await source.ReadAsync(sample.Offset, bytes, 0, bytes.Length, default));
                hash.AppendData(bytes);
            }

            hashes.Add($"{track.Samples.Count} {Convert.ToHexString(hash.GetHashAndReset())}");
        }

        return [.. hashes];
    }
}
