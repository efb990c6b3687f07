using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using AmsMigration.Conversion;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Storage;
using AmsMigration.Protection;

namespace AmsMigration.Runs;

/// <summary>What tells one conversion from another: SHA-256, in lower-case hexadecimal digits.</summary>
/// <param name="Conversion">Of the source files (path, length, ETag) and the options: a complete output is remade where this changes.</param>
/// <param name="Layout">Of the tool's version and every planned file and manifest: an incomplete output is gone on with only where this is the same, too.</param>
internal sealed record Fingerprint(string Conversion, string Layout)
{
    /// <summary>The module's version, without what a build may add to it.</summary>
    public static string ToolVersion { get; } =
        typeof(Fingerprint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static Fingerprint Of(
        IReadOnlyList<AssetFile> sources, ConversionOptions options, ProtectionOptions protection, IEnumerable<OutputFile> files, IEnumerable<AssetFile> copies)
    {
        var conversion = new JsonBuilder();
        options.Describe(conversion);
        AssetProtection.Describe(protection, conversion);
        conversion.AddList("files", sources, (item, file) => item
            .Add("path", file.Path).Add("length", file.Length)
            .Add("version", file.ETag ?? file.LastModified?.UtcTicks.ToString(CultureInfo.InvariantCulture)));
        return new Fingerprint(Hash(conversion.Build()), HashLayout(files, copies));
    }

    /// <summary>Names the exact content of one file of the output.</summary>
    public string OfFile(string path) => Hash($"{Conversion} {Layout} {path}");

    /// <summary>Manifests name each segment's place and length, so that their bytes stand for the layout of the media.</summary>
    private static string HashLayout(IEnumerable<OutputFile> files, IEnumerable<AssetFile> copies)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(ToolVersion, 0);
        foreach (AssetFile copy in copies)
        {
            Append(copy.Path, copy.Length);
        }

        foreach (OutputFile file in files)
        {
            Append(file.Path, file.Length);
            if (!file.ContentType.StartsWith("video/", StringComparison.Ordinal) && !file.ContentType.StartsWith("audio/", StringComparison.Ordinal))
            {
                foreach (Extent extent in file.Extents.Where(extent => extent.Literal is not null))
                {
                    hash.AppendData(extent.Literal!);
                }
            }
        }

        return Hexadecimal(hash.GetHashAndReset());

        void Append(string name, long length) =>
            hash.AppendData(Encoding.UTF8.GetBytes(string.Format(CultureInfo.InvariantCulture, "{0}\0{1}\0", name, length)));
    }

    private static string Hash(string text)
    {
        using var sha = SHA256.Create();
        return Hexadecimal(sha.ComputeHash(Encoding.UTF8.GetBytes(text)));
    }

    internal static string Hexadecimal(byte[] bytes)
    {
        var text = new StringBuilder(bytes.Length * 2);
        foreach (byte b in bytes)
        {
            text.Append(b.ToString("x2", CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }
}
