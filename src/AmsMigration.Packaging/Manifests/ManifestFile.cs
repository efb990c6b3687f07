using System.Text;
using AmsMigration.Packaging.Planning;

namespace AmsMigration.Packaging.Manifests;

internal static class ManifestFile
{
    public static OutputFile FromText(string path, string contentType, string text) =>
        FromBytes(path, contentType, Encoding.UTF8.GetBytes(text));

    public static OutputFile FromBytes(string path, string contentType, byte[] bytes) => new()
    {
        Path = path,
        ContentType = contentType,
        Length = bytes.Length,
        Extents = [Extent.FromBytes(bytes)],
    };
}
