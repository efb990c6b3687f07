using System.Buffers.Binary;
using System.Text;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Transfer;
using AmsMigration.TestSupport;

namespace AmsMigration.Packaging.Tests.Protection;

/// <summary>Encrypted sources: what packagers write, and the same in the boxes that PIFF had before there was a standard.</summary>
internal static class EncryptedFile
{
    public static readonly ContentKey Key = new(Guid.ParseExact("0123456789abcdef0123456789abcdef", "N"), Convert.FromHexString("00112233445566778899aabbccddeeff"));

    private static readonly byte[] _piffTrack = Convert.FromHexString("8974dbce7be74c5184f97148f9882554");
    private static readonly byte[] _piffSample = Convert.FromHexString("a2394f525a9b4f14a2446c427c648df4");

    /// <summary>Bytes in front of the boxes that a box holds.</summary>
    private static readonly Dictionary<string, int> _containers = new()
    {
        ["moov"] = 0, ["trak"] = 0, ["mdia"] = 0, ["minf"] = 0, ["stbl"] = 0, ["stsd"] = 8, ["encv"] = 78, ["enca"] = 28, ["sinf"] = 0, ["schi"] = 0, ["moof"] = 0, ["traf"] = 0,
    };

    public static string Clear => Path.Combine(Repository.Root, "tests", "fixtures", "sources", "clear.mp4");

    /// <summary>Without fragments, as ffmpeg writes it.</summary>
    public static string Progressive => Path.Combine(Repository.Root, "tests", "fixtures", "sources", "encrypted.mp4");

    /// <summary>A track of <see cref="Clear"/> in fragments of its own file.</summary>
    public static async Task<byte[]> MakeAsync(ProtectionScheme scheme, TrackKind kind = TrackKind.Video)
    {
        MemoryAssetStore store = new MemoryAssetStore("talk").With("clear.mp4", await File.ReadAllBytesAsync(Clear));
        Presentation presentation = (await AssetReader.ReadAsync(store, default)).Presentations[0];
        var options = new ProtectionOptions { Scheme = scheme, Keys = [Key], Content = "talk" };
        PresentationProtection protection = await PresentationProtection.PrepareAsync(presentation, options, store, isRemote: false, default);
        PackagingPlan plan = PackagingPlanner.Plan(presentation, new PackagingOptions(), protection);
        var output = new MemoryOutputStore();
        await TransferEngine.RunAsync(plan, store, output, new TransferOptions(), null, default);
        return output.Files[plan.Renditions.First(rendition => rendition.Track.Kind == kind).InitPath];
    }

    /// <summary>The same bytes of media as PIFF 1.1 has them (5.3.2, 5.3.3), without an index.</summary>
    public static byte[] ToPiff(byte[] cenc)
    {
        using var file = new MemoryStream();
        foreach ((string type, byte[] box) in Split(cenc, 0))
        {
            byte[] piff = type == "sidx" ? [] : Rewrite(type, box);
            if (type == "moof")
            {
                // Longer boxes push the media back.
                int trun = piff.AsSpan().IndexOf("trun"u8);
                Span<byte> offset = piff.AsSpan(trun + 12, 4);
                BinaryPrimitives.WriteInt32BigEndian(offset, BinaryPrimitives.ReadInt32BigEndian(offset) + piff.Length - box.Length);
            }

            file.Write(piff);
        }

        return file.ToArray();
    }

    private static byte[] Rewrite(string type, byte[] box)
    {
        byte[] content = box[8..];
        switch (type)
        {
            case "saiz" or "saio":
                return [];
            case "senc":
                return Boxes.Box("uuid", _piffSample, content);
            case "schm":
                return Boxes.Box(type, content[..4], Encoding.ASCII.GetBytes("piff"), Boxes.U32(0x10001));
            case "tenc":
                // AES in counter mode, the length of vectors, the key's id.
                return Boxes.Box("uuid", _piffTrack, new byte[4], [0, 0, 1], content[7..8], content[8..24]);
            default:
                return _containers.TryGetValue(type, out int header)
                    ? Boxes.Box(type, [content[..header], .. Split(content, header).Select(child => Rewrite(child.Type, child.Box))])
                    : box;
        }
    }

    private static IEnumerable<(string Type, byte[] Box)> Split(byte[] bytes, int at)
    {
        while (at < bytes.Length)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));
            yield return (Encoding.Latin1.GetString(bytes, at + 4, 4), bytes[at..(at + length)]);
            at += length;
        }
    }
}
