using System.Globalization;
using System.Security.Cryptography;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Protection;

/// <summary>A key that media are encrypted with. Its text is its id: the bytes show up nowhere unless <see cref="GetBytes"/> is called.</summary>
public sealed class ContentKey
{
    /// <summary>Bytes of an AES-128 key, of a key id, and of a block.</summary>
    public const int Length = 16;

    private readonly byte[] _bytes;

    /// <param name="bytes">16 bytes; copied.</param>
    /// <param name="kind">What it is for; null for all tracks.</param>
    /// <exception cref="PackagingException"><c>InvalidContentKey</c>: it has another length.</exception>
    public ContentKey(Guid id, byte[] bytes, TrackKind? kind = null)
    {
        _bytes = bytes.Length == Length
            ? (byte[])bytes.Clone()
            : throw new PackagingException("InvalidContentKey", $"the key with the id {id} has {bytes.Length} bytes; expected {Length}");
        Id = id;
        Kind = kind;
    }

    public Guid Id { get; }

    /// <summary>Tracks that it is for; null for all.</summary>
    public TrackKind? Kind { get; }

    /// <summary>Tracks that any of these select; null where <see cref="Kind"/> alone decides.</summary>
    public IReadOnlyList<TrackSelection>? Selections { get; init; }

    /// <summary>The id in the order in which it is written: 32 hexadecimal digits, lower case.</summary>
    public string HexId => Id.ToString("N", CultureInfo.InvariantCulture);

    /// <summary>Eight hexadecimal digits that tell it from another key under the same id, and nothing more.</summary>
    public string Check => ToHex(Derive("check", 4));

    /// <summary>A copy.</summary>
    public byte[] GetBytes() => (byte[])_bytes.Clone();

    /// <summary>A key and an id of the system's random numbers.</summary>
    public static ContentKey Create(TrackKind? kind = null)
    {
        var bytes = new byte[Length];
        using var random = RandomNumberGenerator.Create();
        random.GetBytes(bytes);
        return new ContentKey(Guid.NewGuid(), bytes, kind);
    }

    public override string ToString() => Id.ToString();

    /// <summary>The first bytes of HMAC-SHA256 of a text: initialization vectors that come out the same each time, and tell nothing of the key.</summary>
    internal byte[] Derive(string text, int count)
    {
        using var hmac = new HMACSHA256(_bytes);
        byte[] derived = hmac.ComputeHash(System.Text.Encoding.UTF8.GetBytes(text));
        Array.Resize(ref derived, count);
        return derived;
    }

    /// <summary>The bytes of an id in the order of its text, as boxes have them.</summary>
    internal static byte[] ToBytes(Guid id) => ParseHex(id.ToString("N", CultureInfo.InvariantCulture));

    /// <summary>The id whose 16 bytes stand in the order of its text.</summary>
    internal static Guid ToId(byte[] bytes) => Guid.ParseExact(ToHex(bytes), "N");

    internal static string ToHex(byte[] bytes) =>
        string.Concat(bytes.Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));

    private static byte[] ParseHex(string hex)
    {
        var bytes = new byte[hex.Length / 2];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = byte.Parse(hex.Substring(i * 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        }

        return bytes;
    }
}
