using System.Text;
using AmsMigration.Packaging.Planning;

namespace AmsMigration.Packaging.Manifests;

internal static class ManifestFile
{
    public static OutputFile FromText(string path, string contentType, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return new OutputFile { Path = path, ContentType = contentType, Length = bytes.Length, Extents = [Extent.FromBytes(bytes)] };
    }
}
