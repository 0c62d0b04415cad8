// How the original client of this API keeps, sends and forgets its tokens: it stores the first
// refresh token and never another, and its way of logging out is to clear localStorage.
import axios from "axios";
import createAuthRefreshInterceptor from "axios-auth-refresh";

const api = axios.create({ baseURL: "/api/v1" });

api.interceptors.request.use((config) => {
  config.headers["Authorization"] = `Bearer ${localStorage.getItem("access_token")}`;
  return config;
});

async function refresh(failed) {
  const answer = await axios.post("/api/v1/refresh", {
    refresh_token: localStorage.getItem("refresh_token"),
  });
  localStorage.setItem("access_token", answer.data.access_token);
  failed.response.config.headers["Authorization"] = `Bearer ${answer.data.access_token}`;
}

createAuthRefreshInterceptor(api, refresh);

async function signIn(username, password) {
  const form = new FormData();
  form.append("username", username);
  form.append("password", password);
  const answer = await axios.post("/api/v1/login", form);
  localStorage.setItem("access_token", answer.data.access_token);
  localStorage.setItem("refresh_token", answer.data.refresh_token);
}

async function signOut() {
  localStorage.clear();
}
