from scripts.web_document import FILE, management_part


async def test_the_client_of_the_web_is_made_of_the_document_that_is_served(client):
    served = management_part((await client.get("/api/openapi.json")).json)
    assert served == FILE.read_text(), "python scripts/web_document.py URL-OF-A-SERVER writes it anew"
